//! Authorization codes, which the login page gives to OAuth 2.0 clients. Each can be redeemed once.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::personas::Persona;
use crate::secret::Secret;

/// The lifetime of a code. RFC 6749, section 4.1.2, recommends at most ten minutes; clients need seconds.
const CODE_SECONDS: u64 = 60;
/// The maximum number of codes; the oldest are dropped first.
const CAPACITY: usize = 200;

/// The user whom a code signs in, and the request that it is bound to.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) persona: &'static Persona,
    pub(super) redirect_uri: String,
    /// SHA-256 of the client's verifier, if it sent one (RFC 7636, section 4.2).
    pub(super) code_challenge: Option<String>,
    /// Seconds since the Unix epoch.
    pub(super) given_at: u64,
}

/// Why a code was rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InvalidGrant(pub(super) &'static str);

/// The codes that have not been used.
#[derive(Default)]
pub(super) struct Codes(VecDeque<(Secret, Grant)>);

impl Codes {
    pub(super) fn add(&mut self, code: Secret, grant: Grant) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back((code, grant));
    }

    /// Redeems a code for its user. The code is spent even if this fails.
    pub(super) fn redeem(
        &mut self,
        code: &str,
        redirect_uri: &str,
        code_verifier: Option<&str>,
        now: u64,
    ) -> Result<&'static Persona, InvalidGrant> {
        let place = self.0.iter().position(|(known, _)| known.is(code));
        let found = place.and_then(|place| self.0.remove(place));
        let (_, grant) = found.ok_or(InvalidGrant("The code is unknown, or was used before."))?;
        if now >= grant.given_at + CODE_SECONDS {
            return Err(InvalidGrant("The code has expired."));
        }
        if redirect_uri != grant.redirect_uri {
            return Err(InvalidGrant("The code was sent to another redirect_uri."));
        }
        if code_verifier.map(s256) != grant.code_challenge {
            return Err(InvalidGrant("The code_verifier is another request's."));
        }
        Ok(grant.persona)
    }
}

fn s256(code_verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(code_verifier))
}
