//! Where the files of the build are: inside this program, or in a folder.

use std::{fs, path::PathBuf, sync::Arc};

use axum::body::Bytes;

/// Paths and contents of files inside a program.
type Table = &'static [(&'static str, &'static [u8])];

/// What the build script has put inside; empty unless `cargo xtask dist` builds.
const EMBEDDED: Table = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The folder that `cargo xtask build` fills.
const BUILT: &str = "target/site";

/// The files of the build. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Files(Place);

#[derive(Clone, Debug)]
enum Place {
    Inside(Table),
    Folder(Arc<PathBuf>),
}

impl Files {
    /// The files in a folder. Without one, those inside this program; if there are none, what `cargo xtask build` has
    /// built.
    pub fn new(folder: Option<PathBuf>) -> Self {
        match folder {
            None if !EMBEDDED.is_empty() => Self(Place::Inside(EMBEDDED)),
            folder => Self::in_folder(folder.unwrap_or_else(|| BUILT.into())),
        }
    }

    /// The files in a folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self(Place::Folder(Arc::new(folder)))
    }

    /// The content of the file with this path, such as `pkg/a.css`. `None` if there is none or if the path could lead
    /// elsewhere.
    pub fn read(&self, path: &str) -> Option<Bytes> {
        if !path.split('/').all(is_plain) {
            return None;
        }
        match &self.0 {
            Place::Inside(table) => {
                let (_, content) = table.iter().find(|(name, _)| *name == path)?;
                Some(Bytes::from_static(content))
            }
            Place::Folder(folder) => fs::read(folder.join(path)).ok().map(Bytes::from),
        }
    }
}

/// Whether a part of a path is an ordinary file name: not hidden, not `..`, without characters that mean something to
/// any system.
fn is_plain(part: &str) -> bool {
    let mut bytes = part.bytes();
    !part.starts_with('.')
        && !part.is_empty()
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_places_have_the_same_files_and_lead_nowhere_else() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("site");
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(site.join("pkg/a.css"), "a").unwrap();
        fs::write(site.join(".env"), "secret").unwrap();
        fs::write(root.path().join("secret"), "secret").unwrap();
        let inside = Files(Place::Inside(&[
            ("pkg/a.css", b"a"),
            (".env", b"secret"),
            ("../secret", b"secret"),
        ]));
        let outside = format!("{}/secret", root.path().display());
        for files in [Files::new(Some(site)), inside] {
            assert_eq!(files.read("pkg/a.css").as_deref(), Some(&b"a"[..]));
            for path in [
                "pkg/b.css",
                "pkg",
                "pkg/",
                "",
                ".env",
                "../secret",
                "pkg/../../secret",
                "pkg//a.css",
                "pkg/a.css\0",
                "pkg\\a.css",
                &outside,
            ] {
                assert_eq!(files.read(path), None, "{path:?} in {files:?}");
            }
        }
    }
}
