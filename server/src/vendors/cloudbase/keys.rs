//! The private keys of Custom Login, read again whenever their files change.
//!
//! CloudBase accepts an old key for two hours after a new one was downloaded. Within that time, the new file
//! must be put beside the old one or in its place. No restart is needed.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use jsonwebtoken::Algorithm;
use serde::Deserialize;

use crate::signing::{Signer, UnusableKey};

/// Longer files are rejected unread.
const MAX_BYTES: u64 = 64 * 1024;

/// The keys of one environment.
#[derive(Debug)]
pub(super) struct Keys {
    files: Vec<PathBuf>,
    newest: Mutex<Newest>,
}

/// A key that signs tickets.
#[derive(Debug)]
pub(super) struct SigningKey {
    /// The key ID, with which a ticket begins, so that the vendor finds the public key.
    pub(super) id: String,
    /// The ID of the environment to which users sign in with this key.
    pub(super) environment: String,
    pub(super) signer: Signer,
}

/// Why no key could be read. The message never contains any content of a file.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyFileError {
    #[error("it cannot be read ({0})")]
    Unreadable(io::ErrorKind),
    #[error("it must be a JSON object with the strings private_key_id, private_key and env_id")]
    Malformed,
    #[error("its private_key {0}")]
    Key(#[from] UnusableKey),
    #[error("there is more than one environment among the files")]
    TwoEnvironments,
    #[error("there is no file")]
    None,
}

/// `tcb_custom_login.json`, as downloaded.
#[derive(Deserialize)]
struct KeyFile {
    private_key_id: String,
    private_key: String,
    env_id: String,
}

/// The versions of the files when they were last read, and the key that signs.
#[derive(Debug)]
struct Newest {
    seen: Vec<Version>,
    key: Arc<SigningKey>,
}

/// A file's modification time and length, by which a change is detected; `None` if there is no file.
type Version = Option<(SystemTime, u64)>;

impl Keys {
    /// Reads all files.
    ///
    /// # Errors
    /// [`KeyFileError`] for the first file without a usable key, or if the environments differ.
    pub(super) fn open(files: &[PathBuf]) -> Result<Self, KeyFileError> {
        let seen: Vec<Version> = files.iter().map(|file| version(file)).collect();
        Ok(Self {
            files: files.to_vec(),
            newest: Mutex::new(Newest {
                key: Arc::new(read_newest(files.iter().zip(&seen))?),
                seen,
            }),
        })
    }

    /// The key in the file that was modified last. Files that have been deleted are ignored. If a file cannot
    /// be used, for example because it is still being written, the former key stays in use.
    pub(super) fn newest(&self) -> Arc<SigningKey> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let seen: Vec<Version> = self.files.iter().map(|file| version(file)).collect();
        if seen != newest.seen {
            let there = self.files.iter().zip(&seen);
            match read_newest(there.filter(|(_, version)| version.is_some())) {
                Ok(key) if key.environment == newest.key.environment => {
                    tracing::info!(key = key.id, "signing tickets with a new key");
                    newest.key = Arc::new(key);
                }
                Ok(_) => tracing::error!(
                    "the key files now belong to another environment; still signing with the former key"
                ),
                Err(error) => {
                    tracing::error!(%error, "the key files cannot be used; still signing with the former key");
                }
            }
            newest.seen = seen;
        }
        Arc::clone(&newest.key)
    }
}

/// The key in the file modified last; of files modified at the same time, in the one listed last.
fn read_newest<'a>(
    files: impl Iterator<Item = (&'a PathBuf, &'a Version)>,
) -> Result<SigningKey, KeyFileError> {
    let (mut newest, mut newest_at): (Option<SigningKey>, Version) = (None, None);
    for (file, version) in files {
        let key = read(file)?;
        if newest
            .as_ref()
            .is_some_and(|newest| newest.environment != key.environment)
        {
            return Err(KeyFileError::TwoEnvironments);
        }
        if version.map(|(at, _)| at) >= newest_at.map(|(at, _)| at) {
            (newest, newest_at) = (Some(key), *version);
        }
    }
    newest.ok_or(KeyFileError::None)
}

fn read(file: &Path) -> Result<SigningKey, KeyFileError> {
    let unreadable = |error: io::Error| KeyFileError::Unreadable(error.kind());
    let data = file.metadata().map_err(unreadable)?;
    if data.len() > MAX_BYTES {
        return Err(KeyFileError::Malformed);
    }
    if data.permissions().mode() & 0o077 != 0 {
        tracing::warn!(
            file = %file.display(),
            "other users of this machine can read this private key; set the file's mode to 0600"
        );
    }
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let text = text.trim_start_matches('\u{feff}');
    let file: KeyFile = serde_json::from_str(text).map_err(|_| KeyFileError::Malformed)?;
    // The vendor splits a ticket at the first "/@@/".
    if file.private_key_id.is_empty()
        || file.private_key_id.contains("/@@/")
        || file.env_id.is_empty()
    {
        return Err(KeyFileError::Malformed);
    }
    Ok(SigningKey {
        signer: Signer::from_pem(Algorithm::RS256, &file.private_key)?,
        id: file.private_key_id,
        environment: file.env_id,
    })
}

fn version(file: &Path) -> Version {
    let data = file.metadata().ok()?;
    Some((data.modified().ok()?, data.len()))
}

#[cfg(test)]
mod tests;
