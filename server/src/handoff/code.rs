//! Hand-off codes: a credential is stored under a code, which the return page redeems with its verifier.
//!
//! This is the authorization code grant with PKCE (RFC 6749, section 4.1, and RFC 7636), with the credential
//! in place of the token. The database, the code and the verifier each reveal nothing alone.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::{
    ChatBox, Credential, Handoffs,
    code_store::{self, Row},
};
use crate::{clock::Timestamp, database::StorageError, random, seal};

/// How long a code is valid. It can be short, since the browser is redirected to the return page at once.
const LIFETIME: Duration = Duration::from_secs(60);

/// The length of a challenge, in characters: a SHA-256 hash in base64url without padding.
const CHALLENGE_LENGTH: usize = 43;

/// Why no code was issued for a credential.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    #[error("the credential cannot be encrypted")]
    Seal,
    #[error("the session has ended")]
    SignedOut,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// What a page sends to redeem a code.
#[derive(Clone, Copy)]
pub struct Redemption<'a> {
    pub code: &'a str,
    pub verifier: &'a str,
    /// The request's `Origin` header.
    pub origin: &'a str,
}

impl Handoffs {
    /// Encrypts and stores a credential for the page that has the verifier of `challenge`, and returns the
    /// code. The code becomes invalid when the session ends.
    ///
    /// # Errors
    /// [`CodeError`]; nothing is stored then.
    pub async fn issue_code(
        &self,
        session_hash: &str,
        chat_box: &ChatBox,
        challenge: &str,
        credential: &Credential,
        now: Timestamp,
    ) -> Result<String, CodeError> {
        let code = random::token();
        let binding = binding(chat_box, challenge);
        let plain = serde_json::to_vec(credential).map_err(|_| CodeError::Seal)?;
        let sealed = seal::seal(&code, &binding, &plain);
        let row = Row {
            chat_box_id: chat_box.id.clone(),
            challenge: challenge.to_owned(),
            sealed: sealed.ok_or(CodeError::Seal)?,
        };
        let mut tx = self.database.write().await?;
        let code_hash = random::fingerprint(&code);
        let lives =
            code_store::insert(&mut tx, &code_hash, session_hash, &row, now + LIFETIME).await?;
        tx.commit().await?;
        lives.then_some(code).ok_or(CodeError::SignedOut)
    }

    /// Redeems a code for its credential. `None` if the code is unknown or expired, or if the chat box, the
    /// verifier or the origin is wrong. Every attempt with a valid code consumes it, even a wrong one.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn redeem_code(
        &self,
        chat_box: &ChatBox,
        redemption: Redemption<'_>,
        now: Timestamp,
    ) -> Result<Option<Credential>, StorageError> {
        let mut tx = self.database.write().await?;
        let row = code_store::take(&mut tx, &random::fingerprint(redemption.code), now).await?;
        tx.commit().await?;
        let row = row.filter(|row| {
            row.chat_box_id == chat_box.id
                && row.challenge == challenge_of(redemption.verifier)
                && redemption.origin == chat_box.return_origin()
        });
        Ok(row.and_then(|row| {
            let binding = binding(chat_box, &row.challenge);
            let plain = seal::open(redemption.code, &binding, &row.sealed)?;
            serde_json::from_slice(&plain).ok()
        }))
    }
}

/// Whether a string has the form of a challenge.
pub(super) fn is_challenge(text: &str) -> bool {
    let is_base64url = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() == CHALLENGE_LENGTH && text.bytes().all(is_base64url)
}

/// The challenge of a verifier, by the method S256 of RFC 7636.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// The associated data of the encryption: ties a credential to its chat box, challenge and return page. The
/// parts cannot be confused, since none of them can contain the separator.
fn binding(chat_box: &ChatBox, challenge: &str) -> String {
    [&chat_box.id, challenge, chat_box.return_url.as_str()].join(" ")
}

#[cfg(test)]
mod tests;
