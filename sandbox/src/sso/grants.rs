//! What people allowed: an authorization code that becomes an access token, once.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::personas::Persona;

/// RFC 6749, section 4.1.2, asks for ten minutes at most; a code is meant to be used at once.
const CODE_SECONDS: u64 = 60;
/// How long access tokens and ID tokens live.
pub(super) const TOKEN_SECONDS: u64 = 300;
/// Older grants are forgotten.
const CAPACITY: usize = 1000;

/// One login: who allowed what to whom, and what the code is bound to.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) persona: &'static Persona,
    pub(super) scope: String,
    pub(super) nonce: Option<String>,
    /// Seconds since the Unix epoch.
    pub(super) authenticated_at: u64,
    pub(super) redirect_uri: String,
    /// SHA-256 of the client's verifier (RFC 7636, section 4.2).
    pub(super) code_challenge: String,
}

enum Stage {
    Code,
    AccessToken { token: String, expires_at: u64 },
    Over,
}

struct Entry {
    code: String,
    grant: Grant,
    stage: Stage,
}

/// Why a code is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InvalidGrant(pub(super) &'static str);

/// All grants that may still be used, or replayed.
#[derive(Default)]
pub(super) struct Grants(VecDeque<Entry>);

impl Grants {
    pub(super) fn add(&mut self, code: String, grant: Grant) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(Entry {
            code,
            grant,
            stage: Stage::Code,
        });
    }

    /// Turns a code into `token`. Whatever comes of it, the code is spent; and a code that was
    /// spent before revokes what it was spent on (RFC 6749, section 4.1.2).
    pub(super) fn redeem(
        &mut self,
        code: &str,
        redirect_uri: &str,
        code_verifier: &str,
        token: &str,
        now: u64,
    ) -> Result<Grant, InvalidGrant> {
        let mut entries = self.0.iter_mut();
        let entry = entries
            .find(|entry| entry.code == code)
            .ok_or(InvalidGrant("The code is unknown."))?;
        let Stage::Code = std::mem::replace(&mut entry.stage, Stage::Over) else {
            return Err(InvalidGrant("The code was used before."));
        };
        let grant = &entry.grant;
        if now >= grant.authenticated_at + CODE_SECONDS {
            return Err(InvalidGrant("The code has expired."));
        }
        if redirect_uri != grant.redirect_uri {
            return Err(InvalidGrant("The code was sent to another redirect_uri."));
        }
        if s256(code_verifier) != grant.code_challenge {
            return Err(InvalidGrant("The code_verifier is another request's."));
        }
        entry.stage = Stage::AccessToken {
            token: token.to_owned(),
            expires_at: now + TOKEN_SECONDS,
        };
        Ok(entry.grant.clone())
    }

    /// The grant that an access token stands for.
    pub(super) fn of_access_token(&self, presented: &str, now: u64) -> Option<&Grant> {
        let is_held = |entry: &&Entry| {
            matches!(&entry.stage, Stage::AccessToken { token, expires_at }
                if token == presented && now < *expires_at)
        };
        self.0.iter().find(is_held).map(|entry| &entry.grant)
    }
}

fn s256(code_verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier))
}
