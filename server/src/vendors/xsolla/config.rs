//! Xsolla Login's settings.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    signing::reject_placeholder,
};

/// In bytes; anything shorter is insecure. Xsolla generates the secrets and does not document their length.
const MIN_SECRET_LENGTH: usize = 16;

/// The Login project whose users are accepted here. On when `XSOLLA_LOGIN_PROJECT_ID` is set.
#[derive(Clone, Debug)]
pub(crate) struct XsollaConfig {
    /// `XSOLLA_LOGIN_PROJECT_ID`: the project's ID, a UUID.
    pub(crate) project_id: String,
    /// `XSOLLA_LOGIN_SECRET` (or `XSOLLA_LOGIN_SECRET_FILE`): for projects that sign with HS256. Without it,
    /// only RS256 is accepted.
    pub(super) secret: Option<SecretString>,
    /// `XSOLLA_LOGIN_API_URL`: the URL of the Login API; `https://login.xsolla.com/api` unless set. A
    /// trailing slash is added.
    pub(crate) api: Url,
}

impl XsollaConfig {
    pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        let project_id = source.text("XSOLLA_LOGIN_PROJECT_ID");
        let secret = source.secret("XSOLLA_LOGIN_SECRET");
        if let Some(secret) = &secret {
            check_secret(source, secret, http);
        }
        if project_id.is_none() && secret.is_some() {
            let rule = "must be set together with XSOLLA_LOGIN_SECRET";
            source.problem("XSOLLA_LOGIN_PROJECT_ID", rule);
        }
        Some(Self {
            project_id: project_id?,
            secret,
            api: source.base_url("XSOLLA_LOGIN_API_URL", "https://login.xsolla.com/api", http)?,
        })
    }
}

fn check_secret(source: &Source, secret: &SecretString, http: &HttpConfig) {
    const NAME: &str = "XSOLLA_LOGIN_SECRET";
    if secret.expose_secret().len() < MIN_SECRET_LENGTH {
        let rule = "must be the project's secret; this is too short to be one";
        source.problem(NAME, rule);
    }
    reject_placeholder(source, NAME, secret, http);
    source.register_signing_secret(NAME, secret);
}

#[cfg(test)]
mod tests;
