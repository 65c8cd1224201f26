//! The current key of a recipe, read again whenever its file changes.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use secrecy::SecretString;

use super::{
    key::{Key, KeyRules, WrongKey},
    shape::Shape,
};

/// A key, and the file from which it is read again.
#[derive(Debug)]
pub(super) struct Keys {
    file: Option<PathBuf>,
    current: Mutex<(Version, Arc<Key>)>,
}

/// A file's modification time and length, by which a change is detected.
type Version = Option<(SystemTime, u64)>;

impl Keys {
    /// The key of a text, which is that of the file if there is one.
    ///
    /// # Errors
    /// [`WrongKey`].
    pub(super) fn new(
        text: &SecretString,
        file: Option<PathBuf>,
        rules: &KeyRules,
        shape: &Shape,
    ) -> Result<Self, WrongKey> {
        let version = file.as_deref().and_then(version);
        let key = Arc::new(rules.key(text, shape)?);
        Ok(Self {
            file,
            current: Mutex::new((version, key)),
        })
    }

    /// The key that signs now. If its file has changed and cannot be used, for example because it is still being
    /// written, the former key stays in use.
    pub(super) fn current(&self, rules: &KeyRules, shape: &Shape) -> Arc<Key> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = &self.file else {
            return Arc::clone(&current.1);
        };
        let seen = version(file);
        if seen.is_some() && seen != current.0 {
            current.0 = seen;
            let text = fs::read_to_string(file).ok();
            let text = text.map(|text| SecretString::from(trimmed(&text).to_owned()));
            match text.map(|text| rules.key(&text, shape)) {
                Some(Ok(key)) => {
                    tracing::info!(variable = rules.variable, "signing with a new key");
                    current.1 = Arc::new(key);
                }
                _ => tracing::error!(
                    variable = rules.variable,
                    "the file of a key cannot be used; still signing with the former key"
                ),
            }
        }
        Arc::clone(&current.1)
    }
}

/// As settings with secrets are read from a file.
fn trimmed(text: &str) -> &str {
    text.trim_start_matches('\u{feff}')
        .trim_end_matches(['\r', '\n'])
}

fn version(file: &Path) -> Version {
    let data = file.metadata().ok()?;
    Some((data.modified().ok()?, data.len()))
}
