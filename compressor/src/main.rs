//! `compressor FILE…` writes `FILE.br` and `FILE.gz`, at the best level, so that the server does not have to compress
//! anything. A program of its own, since the demo needs no compressed files and should not wait for it.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

const ADVICE: &str = "Compressing failed; free some memory and try again.";

fn main() -> Result<()> {
    std::env::args_os()
        .skip(1)
        .try_for_each(|file| compress(Path::new(&file)))
}

fn compress(file: &Path) -> Result<()> {
    let content = fs::read(file)
        .with_context(|| format!("Cannot read {}; check that it is there.", file.display()))?;
    write(file, "br", &as_brotli(&content)?)?;
    write(file, "gz", &as_gzip(&content)?)
}

fn write(file: &Path, extension: &str, content: &[u8]) -> Result<()> {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    fs::write(&name, content)
        .with_context(|| format!("Cannot write {}; check its permissions.", name.display()))
}

fn as_brotli(mut content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut output = Vec::new();
    brotli::BrotliCompress(&mut content, &mut output, &parameters).context(ADVICE)?;
    Ok(output)
}

fn as_gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .context(ADVICE)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn both_copies_decompress_to_the_original() {
        let content = "latchkey ".repeat(500).into_bytes();
        let mut plain = Vec::new();
        brotli::BrotliDecompress(&mut as_brotli(&content).unwrap().as_slice(), &mut plain).unwrap();
        assert_eq!(plain, content);
        plain.clear();
        flate2::read::GzDecoder::new(as_gzip(&content).unwrap().as_slice())
            .read_to_end(&mut plain)
            .unwrap();
        assert_eq!(plain, content);
    }
}
