//! A credential on its way from the vendor to a page.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::clock::Timestamp;

/// A vendor's credential.
#[derive(Clone, Deserialize, PartialEq, Serialize)]
pub struct Credential {
    /// A JSON object: `jwt`, `expiresAt`, and whatever else the vendor sent.
    pub data: Map<String, Value>,
    /// When it expires by this server's clock, if the vendor's date can be read.
    pub expires_at: Option<Timestamp>,
}

impl Credential {
    /// The JSON object for a page. It says as `expiresIn` in how many seconds the credential expires, since the
    /// clock of the page's device may be wrong.
    pub fn for_page(mut self, now: Timestamp) -> Map<String, Value> {
        if let Some(expires_at) = self.expires_at {
            // Rounded up, so that no part of a second is lost on the way.
            let seconds = expires_at.since(now).as_millis().div_ceil(1000);
            let seconds = u64::try_from(seconds).unwrap_or(u64::MAX);
            self.data.insert("expiresIn".to_owned(), seconds.into());
        }
        self.data
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credential(…)")
    }
}
