//! An issuer's discovery document and keys: fetched when first needed, cached, and fetched again when they
//! expire.
//!
//! <https://openid.net/specs/openid-connect-discovery-1_0.html>

use std::{sync::Arc, time::Duration};

use anyhow::{Context, anyhow, ensure};
use openidconnect::{
    AdditionalProviderMetadata, IssuerUrl, JsonWebKeySet, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
        CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;
use url::Url;

use super::{
    super::{ProviderError, client::ProviderClient},
    ensure_endpoint_is_safe,
};
use crate::clock::{Clock, Timestamp};

/// How long a discovery document is cached.
const TTL: Duration = Duration::from_secs(60 * 60);

/// An unknown key causes the keys to be fetched again, at most this often.
const KEYS_EVERY: Duration = Duration::from_secs(60);

/// After a failure, nothing is fetched for this long, so that sign-ins do not queue up behind a provider that
/// hangs.
const PAUSE: Duration = Duration::from_secs(3);

/// The discovery document with the keys it points to.
pub(super) type Metadata = ProviderMetadata<
    IssuerInResponse,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// The metadata of RFC 9207, section 3.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct IssuerInResponse {
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for IssuerInResponse {}

impl IssuerInResponse {
    /// Whether every authorization response of this issuer has the parameter `iss`.
    pub(super) fn sends_iss(&self) -> bool {
        self.authorization_response_iss_parameter_supported
    }
}

/// The cached document of one issuer. Callers that need it while it is being fetched wait for that fetch.
#[derive(Debug)]
pub(super) struct Discovery {
    issuer: IssuerUrl,
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
    pub(super) fn new(issuer: IssuerUrl, clock: Clock) -> Self {
        Self {
            issuer,
            clock,
            state: Mutex::default(),
        }
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
            .filter(|known| now.since(known.at) < TTL)
        {
            return Ok(Arc::clone(&known.metadata));
        }
        if state.failed_at.is_some_and(|at| now.since(at) < PAUSE) {
            return Err(ProviderError::unavailable(anyhow!(
                "discovery failed a moment ago"
            )));
        }
        match self.fetch(client).await {
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

    /// The document with its keys fetched again, unless that was done less than [`KEYS_EVERY`] ago.
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
            .is_none_or(|at| now.since(at) >= KEYS_EVERY)
        {
            known.fresh_keys_at = Some(now);
            let keys = fetch_keys(&known.metadata, client).await;
            let keys = keys.map_err(ProviderError::Unavailable)?;
            known.metadata = Arc::new((*known.metadata).clone().set_jwks(keys));
        }
        Ok(Arc::clone(&known.metadata))
    }

    /// Fetches the document and its keys. No URL of the document is used before it is checked.
    async fn fetch(&self, client: &ProviderClient) -> Result<Metadata, ProviderError> {
        let fetch = async {
            let issuer = self.issuer.as_str().trim_end_matches('/');
            let url = Url::parse(&format!("{issuer}/.well-known/openid-configuration"))?;
            let metadata: Metadata = client.get_json(&url, None).await?;
            ensure!(
                *metadata.issuer() == self.issuer,
                "the issuer calls itself {}, not {}",
                metadata.issuer().as_str(),
                self.issuer.as_str()
            );
            self.ensure_safe(&metadata)?;
            let keys = fetch_keys(&metadata, client).await?;
            anyhow::Ok(metadata.set_jwks(keys))
        };
        let metadata = fetch.await.context("discovery failed");
        metadata.map_err(ProviderError::Unavailable)
    }

    fn ensure_safe(&self, metadata: &Metadata) -> anyhow::Result<()> {
        let issuer = self.issuer.url();
        ensure_endpoint_is_safe(issuer, metadata.authorization_endpoint().url())?;
        ensure_endpoint_is_safe(issuer, metadata.jwks_uri().url())?;
        if let Some(endpoint) = metadata.token_endpoint() {
            ensure_endpoint_is_safe(issuer, endpoint.url())?;
        }
        if let Some(endpoint) = metadata.userinfo_endpoint() {
            ensure_endpoint_is_safe(issuer, endpoint.url())?;
        }
        Ok(())
    }
}

async fn fetch_keys(
    metadata: &Metadata,
    client: &ProviderClient,
) -> anyhow::Result<JsonWebKeySet<CoreJsonWebKey>> {
    let keys = client.get_json(metadata.jwks_uri().url(), None).await;
    keys.context("the issuer's keys cannot be fetched")
}
