//! The private keys of custom login, read anew whenever their files change.
//!
//! CloudBase lets an old key live for two hours after a new one was downloaded. Within that time the new file has to be
//! put beside the old one or in its place; nothing has to be restarted.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use serde::Deserialize;

use super::rsa_key::{RsaKey, UnusableKey};

/// Longer files are not key files.
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
    /// What a ticket begins with, so that the vendor finds the public half.
    pub(super) id: String,
    /// The environment to which users sign in with it.
    pub(super) environment: String,
    pub(super) rsa: RsaKey,
}

/// Why a file gives no key. Never has anything of its content.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeyFileError {
    #[error("it cannot be read ({0})")]
    Unreadable(io::ErrorKind),
    #[error("it must be a JSON object with the texts private_key_id, private_key and env_id")]
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

/// What the files were like when they were last read, and the key among them that signs.
#[derive(Debug)]
struct Newest {
    seen: Vec<Version>,
    key: Arc<SigningKey>,
}

/// What tells one version of a file from the next.
type Version = Option<(SystemTime, u64)>;

impl Keys {
    /// Reads all files.
    ///
    /// # Errors
    /// [`KeyFileError`] for the first one that gives no key.
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

    /// The key of the file that was written last. A file that cannot be used now, such as one that is still being
    /// written, leaves the key as it was; one that has been deleted no longer counts.
    pub(super) fn newest(&self) -> Arc<SigningKey> {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let seen: Vec<Version> = self.files.iter().map(|file| version(file)).collect();
        if seen != newest.seen {
            let there = self.files.iter().zip(&seen);
            match read_newest(there.filter(|(_, version)| version.is_some())) {
                Ok(key) if key.environment == newest.key.environment => {
                    tracing::info!(key = key.id, "tickets are signed with this key from now on");
                    newest.key = Arc::new(key);
                }
                Ok(_) => tracing::error!(
                    "the key files are another environment's now; the former key signs on"
                ),
                Err(error) => {
                    tracing::error!(%error, "the key files cannot be used; the former key signs on");
                }
            }
            newest.seen = seen;
        }
        Arc::clone(&newest.key)
    }
}

/// The key of the file written last; of two written at once, of the one named last.
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
            "others on this machine may read this private key: set its mode to 0600"
        );
    }
    let text = fs::read_to_string(file).map_err(unreadable)?;
    let text = text.trim_start_matches('\u{feff}');
    let file: KeyFile = serde_json::from_str(text).map_err(|_| KeyFileError::Malformed)?;
    // The vendor takes the ticket apart at the first "/@@/".
    if file.private_key_id.is_empty()
        || file.private_key_id.contains("/@@/")
        || file.env_id.is_empty()
    {
        return Err(KeyFileError::Malformed);
    }
    Ok(SigningKey {
        rsa: RsaKey::from_pem(&file.private_key)?,
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
