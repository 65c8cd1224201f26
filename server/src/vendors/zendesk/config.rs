//! Zendesk's settings: Chat, Messaging, and the lookup of Chat's visitors, each independent of the others.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    signing::{hmac_secret, reject_placeholder},
};

/// The settings of an account at Zendesk. On when at least one of the secrets is set.
#[derive(Clone, Debug)]
pub struct ZendeskConfig {
    /// `ZENDESK_CHAT_SECRET` (or `ZENDESK_CHAT_SECRET_FILE`): the HS256 secret of Chat's tokens.
    pub(super) chat_secret: Option<SecretString>,
    /// `ZENDESK_CHAT_ACCOUNT_KEY`: the public key with which pages start Chat. Only used by the demo's page.
    pub(super) chat_account_key: Option<String>,
    pub(super) messaging: Option<MessagingConfig>,
    pub(super) visitors: Option<VisitorsConfig>,
}

/// A signing key of Messaging.
#[derive(Clone, Debug)]
pub(super) struct MessagingConfig {
    /// `ZENDESK_MESSAGING_KEY_ID`: the key's ID, such as `app_…`.
    pub(super) key_id: String,
    /// `ZENDESK_MESSAGING_SECRET` (or `ZENDESK_MESSAGING_SECRET_FILE`).
    pub(super) secret: SecretString,
}

/// Access to Chat's API, with which support staff look up visitors.
#[derive(Clone, Debug)]
pub(super) struct VisitorsConfig {
    /// The URL of the visitors, to which an ID is appended. Derived from `ZENDESK_CHAT_API_URL`, which is
    /// `https://www.zopim.com` unless set, and `https://<subdomain>.zendesk.com` for accounts that are
    /// integrated into Zendesk Support.
    pub(super) collection: Url,
    /// `ZENDESK_CHAT_API_TOKEN` (or `ZENDESK_CHAT_API_TOKEN_FILE`): an OAuth token of an administrator, scope `read`.
    pub(super) token: SecretString,
}

impl ZendeskConfig {
    pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        let config = Self {
            chat_secret: hmac_secret(source, "ZENDESK_CHAT_SECRET", http),
            chat_account_key: source.text("ZENDESK_CHAT_ACCOUNT_KEY"),
            messaging: MessagingConfig::from_source(source, http),
            visitors: VisitorsConfig::from_source(source, http),
        };
        let is_on =
            config.chat_secret.is_some() || config.messaging.is_some() || config.visitors.is_some();
        is_on.then_some(config)
    }
}

impl MessagingConfig {
    fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        const KEY_ID: &str = "ZENDESK_MESSAGING_KEY_ID";
        const SECRET: &str = "ZENDESK_MESSAGING_SECRET";
        let key_id = source.text(KEY_ID);
        let secret = hmac_secret(source, SECRET, http);
        let (key_id, secret) = source.pair((KEY_ID, key_id), (SECRET, secret))?;
        Some(Self { key_id, secret })
    }
}

impl VisitorsConfig {
    fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        const URL: &str = "ZENDESK_CHAT_API_URL";
        const TOKEN: &str = "ZENDESK_CHAT_API_TOKEN";
        let token = source.secret(TOKEN)?;
        let is_token = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_token(token.expose_secret()) {
            source.problem(TOKEN, "must be an OAuth token, without spaces");
        }
        reject_placeholder(source, TOKEN, &token, http);
        Some(Self {
            collection: collection(&source.base_url(URL, "https://www.zopim.com", http)?)?,
            token,
        })
    }
}

/// The URL of the visitors in the API at `base`, which ends with a slash: `/api/v2/chat/visitors/` on hosts
/// of zendesk.com, `/api/v2/visitors/` on others, and `visitors/` below `base` if that already ends in
/// `/api/v2/` or `/api/v2/chat/`.
fn collection(base: &Url) -> Option<Url> {
    let says_itself = ["/api/v2/", "/api/v2/chat/"]
        .iter()
        .any(|end| base.path().ends_with(end));
    let at_zendesk = base
        .host_str()
        .is_some_and(|host| host.ends_with(".zendesk.com"));
    let path = match (says_itself, at_zendesk) {
        (true, _) => "visitors/",
        (false, true) => "api/v2/chat/visitors/",
        (false, false) => "api/v2/visitors/",
    };
    base.join(path).ok()
}

#[cfg(test)]
mod tests;
