//! What is inside the programs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The beginnings of the names of files with a licence or a notice that it demands.
const LICENSE_FILES: [&str; 6] = [
    "license",
    "licence",
    "copying",
    "copyright",
    "notice",
    "unlicense",
];

/// A crate or npm package.
#[derive(Debug)]
pub(crate) struct Component {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Its package URL, as in `pkg:cargo/serde@1.0.0`.
    pub(crate) url: String,
    /// Its licence as an SPDX expression.
    pub(crate) license: String,
    /// The texts of its licence files.
    pub(crate) texts: Vec<String>,
    /// The algorithm, in CycloneDX's words, and the hexadecimal hash of the package.
    pub(crate) hash: Option<(&'static str, String)>,
}

/// The texts of the licence files in a package's folder, in the order of their names.
pub(crate) fn license_texts(folder: &Path) -> Result<Vec<String>> {
    let advice = || {
        format!(
            "Cannot read {}; install the packages again.",
            folder.display()
        )
    };
    let entries = fs::read_dir(folder).with_context(advice)?;
    let mut files: Vec<_> = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .with_context(advice)?;
    files.retain(|file| file.is_file() && is_license(file));
    files.sort();
    files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).with_context(advice)?;
            Ok(String::from_utf8_lossy(&bytes)
                .replace("\r\n", "\n")
                .trim_end()
                .to_owned())
        })
        .collect()
}

fn is_license(file: &Path) -> bool {
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_ascii_lowercase();
    let is_code = name.ends_with(".rs") || name.ends_with(".js");
    !is_code && LICENSE_FILES.iter().any(|begin| name.starts_with(begin))
}

pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    fs::write(file, text)
        .with_context(|| format!("Cannot write {}; check its permissions.", file.display()))
}
