//! The archive, and the checksums in it.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256};
use tar::{Builder, EntryType, Header};

use crate::inventory;

const CHECKSUMS: &str = "SHA256SUMS";

/// Writes the checksums of all files in the folder, in the format of `sha256sum`.
pub(crate) fn write_checksums(folder: &Path) -> Result<()> {
    let mut text = String::new();
    for path in entries(folder)? {
        let name = relative(folder, &path)?;
        if path.is_file() && name != CHECKSUMS {
            text += &format!("{}  {name}\n", hex::encode(Sha256::digest(read(&path)?)));
        }
    }
    inventory::write(&folder.join(CHECKSUMS), &text)
}

/// Writes a compressed archive of the folder, sorted, with the same owner, mode and time on every machine.
pub(crate) fn write(folder: &Path, archive: &Path, seconds: u64) -> Result<()> {
    let advice = || {
        format!(
            "Cannot write {}; check its permissions and the disk.",
            archive.display()
        )
    };
    let file = File::create(archive).with_context(advice)?;
    let gzip = GzBuilder::new().write(file, Compression::best());
    let mut builder = Builder::new(gzip);
    let parent = folder.parent().unwrap_or(Path::new(""));
    append(&mut builder, parent, folder, seconds).with_context(advice)?;
    for path in entries(folder)? {
        append(&mut builder, parent, &path, seconds).with_context(advice)?;
    }
    builder
        .into_inner()
        .and_then(|gzip| gzip.finish()?.sync_all())
        .with_context(advice)
}

fn append(
    builder: &mut Builder<impl Write>,
    parent: &Path,
    path: &Path,
    seconds: u64,
) -> Result<()> {
    let name = relative(parent, path)?;
    let mut header = Header::new_gnu();
    header.set_mtime(seconds);
    header.set_uid(0);
    header.set_gid(0);
    if path.is_dir() {
        header.set_entry_type(EntryType::Directory);
        header.set_mode(0o755);
        header.set_size(0);
        return Ok(builder.append_data(&mut header, name + "/", std::io::empty())?);
    }
    let content = read(path)?;
    let is_program = fs::metadata(path)?.permissions().mode() & 0o100 != 0;
    header.set_mode(if is_program { 0o755 } else { 0o644 });
    header.set_size(content.len().try_into()?);
    Ok(builder.append_data(&mut header, name, content.as_slice())?)
}

/// Everything below a folder, sorted.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let advice = || format!("Cannot list {}; check its permissions.", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(advice)? {
        let path = entry.with_context(advice)?.path();
        if path.is_dir() {
            paths.extend(entries(&path)?);
        }
        paths.push(path);
    }
    paths.sort();
    Ok(paths)
}

fn relative(folder: &Path, path: &Path) -> Result<String> {
    let name = path.strip_prefix(folder)?.to_str();
    Ok(name
        .with_context(|| format!("{} must have a name in UTF-8.", path.display()))?
        .to_owned())
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file)
        .with_context(|| format!("Cannot read {}; check its permissions.", file.display()))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// A folder with the same content, made in another order, by another umask.
    fn packed(first: &str, second: &str, mode: u32) -> Vec<u8> {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("latchkey-1.0.0");
        fs::create_dir_all(folder.join("systemd")).unwrap();
        for name in [first, second] {
            fs::write(folder.join(name), name).unwrap();
        }
        fs::write(folder.join("systemd/a.service"), "[Unit]").unwrap();
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(folder.join("latchkey"), permissions).unwrap();
        write_checksums(&folder).unwrap();
        let archive = root.path().join("archive.tar.gz");
        write(&folder, &archive, 1_700_000_000).unwrap();
        fs::read(archive).unwrap()
    }

    #[test]
    fn the_same_content_gives_the_same_bytes() {
        let archive = packed("latchkey", "README.md", 0o700);
        assert_eq!(archive, packed("README.md", "latchkey", 0o755));
        assert_ne!(archive, packed("README.md", "latchkey", 0o644));
    }

    #[test]
    fn the_archive_has_one_folder_of_root_with_checksums() {
        let archive = packed("latchkey", "README.md", 0o755);
        let mut tar = Vec::new();
        flate2::read::GzDecoder::new(archive.as_slice())
            .read_to_end(&mut tar)
            .unwrap();
        let mut archive = tar::Archive::new(tar.as_slice());
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
            assert_eq!(header.mtime().unwrap(), 1_700_000_000);
            let (path, mode) = (
                entry.path().unwrap().display().to_string(),
                header.mode().unwrap(),
            );
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            if path.ends_with(CHECKSUMS) {
                let readme = hex::encode(Sha256::digest("README.md"));
                assert!(text.contains(&format!("{readme}  README.md\n")), "{text}");
                assert!(text.contains("  systemd/a.service\n"), "{text}");
            }
            seen.push((path, mode));
        }
        let expected = [
            ("latchkey-1.0.0/", 0o755),
            ("latchkey-1.0.0/README.md", 0o644),
            ("latchkey-1.0.0/SHA256SUMS", 0o644),
            ("latchkey-1.0.0/latchkey", 0o755),
            ("latchkey-1.0.0/systemd/", 0o755),
            ("latchkey-1.0.0/systemd/a.service", 0o644),
        ];
        assert_eq!(seen, expected.map(|(path, mode)| (path.to_owned(), mode)));
    }
}
