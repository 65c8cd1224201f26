//! Knoon's settings.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    signing::reject_placeholder,
};

/// The organization's access to Knoon's API. On when `KNOON_ORG_ID` and `KNOON_API_KEY` are set.
#[derive(Clone, Debug)]
pub struct KnoonConfig {
    /// `KNOON_ORG_ID`: the user name of Basic authentication.
    pub organization_id: String,
    /// `KNOON_API_KEY` (or `KNOON_API_KEY_FILE`): the password of Basic authentication.
    pub api_key: SecretString,
    /// The URL of the exchange, below `KNOON_API_URL`, which is `https://api.knoon.ai` unless set.
    pub credentials_url: Url,
    /// `KNOON_TIMEOUT_MS`: the time limit of one exchange, including the wait for a permit. Ten seconds
    /// unless set, as in the vendor's sample.
    pub timeout: Duration,
}

impl KnoonConfig {
    pub(in crate::vendors) fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        let timeout = source.number("KNOON_TIMEOUT_MS", 10_000, 100..=10_000);
        let (organization_id, api_key) = source.pair(
            ("KNOON_ORG_ID", source.text("KNOON_ORG_ID")),
            ("KNOON_API_KEY", source.secret("KNOON_API_KEY")),
        )?;
        // Basic authentication separates user name and password at the first colon, and defines no encoding
        // beyond ASCII by default (RFC 7617).
        if organization_id.contains(':') || !is_printable(&organization_id) {
            source.problem("KNOON_ORG_ID", "must be printable ASCII without a colon");
        }
        check_key(source, &api_key, http);
        Some(Self {
            organization_id,
            api_key,
            credentials_url: source
                .base_url("KNOON_API_URL", "https://api.knoon.ai", http)?
                .join("v1/credentials/login")
                .ok()?,
            timeout: Duration::from_millis(timeout),
        })
    }
}

fn check_key(source: &Source, api_key: &SecretString, http: &HttpConfig) {
    if !is_printable(api_key.expose_secret()) {
        source.problem("KNOON_API_KEY", "must be printable ASCII");
    }
    reject_placeholder(source, "KNOON_API_KEY", api_key, http);
}

fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests;
