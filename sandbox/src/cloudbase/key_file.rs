//! The key file, `tcb_custom_login.json`, as administrators download it from the vendor's console.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use rsa::PrivateKey;
use rsa::pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, LineEnding};
use serde::Deserialize;
use serde_json::json;
use tempfile::NamedTempFile;

#[derive(Deserialize)]
struct KeyFile {
    private_key_id: String,
    private_key: String,
    env_id: String,
}

/// The encoding of the private key; the vendor has used both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PemForm {
    /// `BEGIN RSA PRIVATE KEY`.
    Pkcs1,
    /// `BEGIN PRIVATE KEY`.
    Pkcs8,
}

/// The file's text: `private_key_id`, `private_key` (PEM) and `env_id`.
pub(super) fn text(
    key_id: &str,
    key: &PrivateKey,
    env_id: &str,
    form: PemForm,
) -> anyhow::Result<String> {
    let pem = match form {
        PemForm::Pkcs1 => key.to_pkcs1_pem(LineEnding::LF)?,
        PemForm::Pkcs8 => key.to_pkcs8_pem(LineEnding::LF)?,
    };
    let file = json!({
        "private_key_id": key_id,
        "private_key": pem.as_str(),
        "env_id": env_id,
    });
    Ok(format!("{file:#}\n"))
}

/// The id and the key in a key file of this environment.
pub(super) fn read(text: &str, env_id: &str) -> anyhow::Result<(String, PrivateKey)> {
    let file: KeyFile = serde_json::from_str(text)?;
    ensure!(
        file.env_id == env_id,
        "The key file is for another environment."
    );
    let key = PrivateKey::from_pkcs8_pem(&file.private_key)
        .or_else(|_| PrivateKey::from_pkcs1_pem(&file.private_key))?;
    Ok((file.private_key_id, key))
}

/// Replaces the file atomically, readable by its owner only.
///
/// # Errors
/// A folder that cannot be created or written to.
pub(super) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let advice = || {
        format!(
            "Cannot write {}; correct SANDBOX_CLOUDBASE_KEY_FILE.",
            path.display()
        )
    };
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let folder = parent.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(advice)?;
    let mut file = NamedTempFile::new_in(folder).with_context(advice)?;
    file.write_all(text.as_bytes()).with_context(advice)?;
    file.persist(path).with_context(advice)?;
    Ok(())
}
