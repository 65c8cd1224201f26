//! CloudBase's settings.

use std::path::PathBuf;

use super::keys::Keys;
use crate::config::Source;

const KEY_FILE: &str = "CLOUDBASE_KEY_FILE";

/// The environment that users sign in to. On when `CLOUDBASE_KEY_FILE` is set.
#[derive(Clone, Debug)]
pub struct CloudBaseConfig {
    /// `CLOUDBASE_KEY_FILE`: the downloaded `tcb_custom_login.json`; while keys rotate, several paths separated by
    /// commas. The file written last signs.
    pub key_files: Vec<PathBuf>,
}

impl CloudBaseConfig {
    pub(super) fn from_source(source: &Source) -> Option<Self> {
        let list = source.text(KEY_FILE)?;
        let paths = list
            .split(',')
            .map(str::trim)
            .filter(|path| !path.is_empty());
        let config = Self {
            key_files: paths.map(PathBuf::from).collect(),
        };
        if let Err(error) = Keys::open(&config.key_files) {
            source.problem(
                KEY_FILE,
                &format!("must name the key file as CloudBase's console gives it: {error}"),
            );
            return None;
        }
        Some(config)
    }
}
