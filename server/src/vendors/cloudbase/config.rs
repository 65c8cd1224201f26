//! CloudBase's settings.

use std::path::PathBuf;

use super::keys::Keys;
use crate::config::Source;

const KEY_FILE: &str = "CLOUDBASE_KEY_FILE";

/// The private keys of the environment that users sign in to. On when `CLOUDBASE_KEY_FILE` is set.
#[derive(Clone, Debug)]
pub struct CloudBaseConfig {
    /// `CLOUDBASE_KEY_FILE`: the path of the downloaded `tcb_custom_login.json`, or several paths separated
    /// by commas during a key rotation. The key in the file modified last signs.
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
                &format!("must be the path of a key file from CloudBase's console: {error}"),
            );
            return None;
        }
        Some(config)
    }
}
