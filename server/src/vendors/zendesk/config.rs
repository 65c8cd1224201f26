//! Zendesk's settings: Chat, Messaging, and the look at Chat's visitors, each on by itself.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    vendors::signing::{hmac_secret, refuse_placeholder},
};

/// What is known of the account at Zendesk. On when one of its secrets is set.
#[derive(Clone, Debug)]
pub struct ZendeskConfig {
    /// `ZENDESK_CHAT_SECRET` (or `ZENDESK_CHAT_SECRET_FILE`): what Chat's visitors are authenticated with.
    pub(super) chat_secret: Option<SecretString>,
    /// `ZENDESK_CHAT_ACCOUNT_KEY`: the public name that pages start Chat with. Only the demo's page asks for it.
    pub(super) chat_account_key: Option<String>,
    pub(super) messaging: Option<MessagingConfig>,
    pub(super) visitors: Option<VisitorsConfig>,
}

/// A signing key of Messaging.
#[derive(Clone, Debug)]
pub(super) struct MessagingConfig {
    /// `ZENDESK_MESSAGING_KEY_ID`: such as `app_…`.
    pub(super) key_id: String,
    /// `ZENDESK_MESSAGING_SECRET` (or `ZENDESK_MESSAGING_SECRET_FILE`).
    pub(super) secret: SecretString,
}

/// Chat's API, for support staff.
#[derive(Clone, Debug)]
pub(super) struct VisitorsConfig {
    /// Where visitors are shown; an id follows. From `ZENDESK_CHAT_API_URL`: `https://www.zopim.com` unless set, or
    /// `https://<subdomain>.zendesk.com` for accounts that are integrated there.
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
        refuse_placeholder(source, TOKEN, &token, http);
        Some(Self {
            collection: collection(&source.base_url(URL, "https://www.zopim.com", http)?)?,
            token,
        })
    }
}

/// Where the API below this address, which ends with a slash, shows visitors: `/api/v2/chat/visitors/` on hosts of
/// zendesk.com, `/api/v2/visitors/` on Chat's own, and whatever the address says itself if it goes down to `/api/v2`.
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
