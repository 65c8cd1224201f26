//! Grants: authorization codes, each of which can be redeemed once for an access token.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::personas::Persona;

/// The lifetime of a code. RFC 6749, section 4.1.2, recommends at most ten minutes; clients need seconds.
const CODE_SECONDS: u64 = 60;
/// How long access tokens and ID tokens live.
pub(super) const TOKEN_SECONDS: u64 = 300;
/// The maximum number of grants; the oldest are dropped first.
const CAPACITY: usize = 1000;

/// One login: its persona and scope, and the request that its code is bound to.
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

/// Why a code was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InvalidGrant(pub(super) &'static str);

/// All grants, used ones included, so that a second use of a code is recognized.
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

    /// Redeems a code for `token`. The code is spent even if this fails, and redeeming a spent code
    /// revokes the token that it was redeemed for (RFC 6749, section 4.1.2).
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

    /// The grant of a valid access token.
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
