//! Compressed siblings of a file, made once here so that the server never spends time on it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::repo;

const ADVICE: &str = "Compressing failed; free some memory and try again.";

/// Writes `content` to `file` and, with the best compression there is, to its siblings.
pub(super) fn write(file: &Path, content: &[u8]) -> Result<()> {
    let [brotli, gzip] = siblings(file);
    repo::write(file, content)?;
    repo::write(&brotli, as_brotli(content)?)?;
    repo::write(&gzip, as_gzip(content)?)
}

/// The names of the brotli and the gzip sibling.
pub(super) fn siblings(file: &Path) -> [PathBuf; 2] {
    ["br", "gz"].map(|extension| {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(extension);
        name.into()
    })
}

/// Whether a file is such a sibling.
pub(super) fn is_compressed(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "br" || extension == "gz")
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
    fn both_kinds_come_back_as_they_were() {
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
