//! An issuer's discovery document and keys: fetched when first needed, cached, and fetched again when they
//! expire.
//!
//! <https://openid.net/specs/openid-connect-discovery-1_0.html>

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow};
use tokio::sync::Mutex;
use url::Url;

use super::{
    super::{ProviderError, client::ProviderClient},
    OidcConfig, ensure_endpoint_is_safe,
    keys::Keys,
    misfits,
};
use crate::{
    clock::{Clock, Timestamp},
    json::Object,
};

/// How long a discovery document is cached.
const TTL: Duration = Duration::from_secs(60 * 60);

/// An unknown key causes the keys to be fetched again, at most this often.
const REFETCH_INTERVAL: Duration = Duration::from_secs(60);

/// After a failure, nothing is fetched for this long, so that sign-ins do not queue up behind a provider that
/// hangs.
const RETRY_DELAY: Duration = Duration::from_secs(3);

/// The maximum length of an issuer's name in the log.
const MAX_NAME: usize = 200;

/// What is used of a discovery document, with the keys it points to.
#[derive(Clone, Debug)]
pub(super) struct Metadata {
    pub issuer: String,
    pub authorization_endpoint: Url,
    pub token_endpoint: Url,
    pub userinfo_endpoint: Option<Url>,
    jwks_uri: Url,
    /// Whether every authorization response has the parameter `iss` (RFC 9207, section 3).
    pub sends_iss: bool,
    /// How the client may authenticate; empty if the document does not say.
    pub auth_methods: Vec<String>,
    /// The values of `prompt`; empty if the document does not say.
    pub prompts: Vec<String>,
    pub keys: Keys,
}

/// The cached document of one issuer. Callers that need it while it is being fetched wait for that fetch.
#[derive(Debug)]
pub(super) struct Discovery {
    config: OidcConfig,
    /// The document's URL.
    url: Url,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    known: Option<Known>,
    failed_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Known {
    metadata: Arc<Metadata>,
    at: Timestamp,
    /// When the keys were last fetched again because of an unknown key.
    fresh_keys_at: Option<Timestamp>,
}

impl Discovery {
    pub(super) fn new(config: &OidcConfig, clock: Clock) -> anyhow::Result<Self> {
        let below_issuer = || {
            let issuer = config.issuer.as_str().trim_end_matches('/');
            Url::parse(&format!("{issuer}/.well-known/openid-configuration"))
        };
        Ok(Self {
            config: config.clone(),
            url: config.document.clone().map_or_else(below_issuer, Ok)?,
            clock,
            state: Mutex::default(),
        })
    }

    /// The document, from the cache or fetched.
    pub(super) async fn metadata(
        &self,
        client: &ProviderClient,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        if let Some(known) = state
            .known
            .as_ref()
            .filter(|known| now.is_within(TTL, known.at))
        {
            return Ok(Arc::clone(&known.metadata));
        }
        if state
            .failed_at
            .is_some_and(|at| now.is_within(RETRY_DELAY, at))
        {
            return Err(ProviderError::unavailable(anyhow!(
                "discovery failed a moment ago"
            )));
        }
        match self.fetch(client, state.known.is_none()).await {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *state = State {
                    known: Some(Known {
                        metadata: Arc::clone(&metadata),
                        at: now,
                        fresh_keys_at: None,
                    }),
                    failed_at: None,
                };
                Ok(metadata)
            }
            Err(error) => {
                // Not `now`: the request may have taken until its timeout.
                state.failed_at = Some(self.clock.now());
                Err(error)
            }
        }
    }

    /// The document with its keys fetched again, unless that was done less than [`REFETCH_INTERVAL`] ago.
    pub(super) async fn metadata_with_fresh_keys(
        &self,
        client: &ProviderClient,
    ) -> Result<Arc<Metadata>, ProviderError> {
        let mut state = self.state.lock().await;
        let now = self.clock.now();
        let Some(known) = &mut state.known else {
            drop(state);
            return self.metadata(client).await;
        };
        if known
            .fresh_keys_at
            .is_none_or(|at| !now.is_within(REFETCH_INTERVAL, at))
        {
            known.fresh_keys_at = Some(now);
            let keys = fetch_keys(&known.metadata.jwks_uri, client).await;
            known.metadata = Arc::new(Metadata {
                keys: keys.map_err(ProviderError::unavailable)?,
                ..(*known.metadata).clone()
            });
        }
        Ok(Arc::clone(&known.metadata))
    }

    /// Fetches the document and its keys. No URL of the document is used before it is checked.
    async fn fetch(
        &self,
        client: &ProviderClient,
        is_first: bool,
    ) -> Result<Metadata, ProviderError> {
        let document = client.get_json(&self.url, None).await;
        let document: Object = document.map_err(not_fetched)?;
        let misconfigured =
            |error: anyhow::Error| ProviderError::misconfigured(error.context("discovery failed"));
        let issuer = document.text("issuer").unwrap_or_default();
        if issuer != self.config.issuer.as_str() {
            let other: String = issuer.chars().take(MAX_NAME).collect();
            return Err(misconfigured(anyhow!(
                "the issuer calls itself {}, not {}",
                other.escape_debug(),
                self.config.issuer.as_str()
            )));
        }
        misfits::check_algorithms(&document, is_first).map_err(misconfigured)?;
        if is_first {
            let settings = misfits::SignInSettings {
                provider: self.config.name,
                form_post: self.config.form_post,
                pkce: self.config.pkce,
            };
            misfits::tell(&document, &settings);
        }
        let mut metadata = self
            .read(&document)
            .context("discovery failed")
            .map_err(ProviderError::unavailable)?;
        let keys = fetch_keys(&metadata.jwks_uri, client).await;
        metadata.keys = keys.map_err(not_fetched)?;
        Ok(metadata)
    }

    fn read(&self, document: &Object) -> anyhow::Result<Metadata> {
        let endpoint = |name: &str| {
            let url = document.text(name).map(|url| Url::parse(&url)).transpose();
            let url = url.with_context(|| format!("{name} is not a URL"))?;
            if let Some(url) = &url {
                ensure_endpoint_is_safe(self.config.issuer.url(), url)?;
            }
            anyhow::Ok(url)
        };
        let required = |name: &str| endpoint(name)?.with_context(|| format!("{name} is missing"));
        let listed = |name: &str| document.texts(name).unwrap_or_default();
        Ok(Metadata {
            issuer: self.config.issuer.as_str().to_owned(),
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            userinfo_endpoint: endpoint("userinfo_endpoint")?,
            jwks_uri: required("jwks_uri")?,
            sends_iss: document.boolean("authorization_response_iss_parameter_supported")
                == Some(true),
            auth_methods: listed("token_endpoint_auth_methods_supported"),
            prompts: listed("prompt_values_supported"),
            keys: Keys::default(),
        })
    }
}

/// A document or key set that is refused is most likely at another URL; other failures pass.
fn not_fetched(error: anyhow::Error) -> ProviderError {
    ProviderError::of_request(error.context("discovery failed"))
}

async fn fetch_keys(url: &Url, client: &ProviderClient) -> anyhow::Result<Keys> {
    let keys = client.get_json(url, None).await;
    let keys = keys.and_then(|set: Object| Keys::read(&set));
    keys.context("the issuer's keys cannot be fetched")
}

/// An issuer's name, which is also a URL. Names are compared as text: `https://a.example` and
/// `https://a.example/` are two issuers.
#[derive(Clone, Debug)]
pub(in crate::oauth) struct Issuer {
    text: String,
    url: Url,
}

impl Issuer {
    /// Parses the name; `None` if it is no URL.
    pub(in crate::oauth) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let text = text.to_owned();
        Some(Self { text, url })
    }

    pub(in crate::oauth) fn as_str(&self) -> &str {
        &self.text
    }

    pub(in crate::oauth) fn url(&self) -> &Url {
        &self.url
    }
}
