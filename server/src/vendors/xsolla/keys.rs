//! The project's public keys: `GET /projects/{id}/keys` returns an array of RSA keys, whose numbers are
//! hexadecimal and not in base64url as in RFC 7518.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
    time::Duration,
};

use anyhow::{Context, anyhow, ensure};
use jsonwebtoken::DecodingKey;
use reqwest::Client;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::XsollaConfig;
use crate::{
    clock::{Clock, Timestamp},
    outbound,
    vendors::upstream::UpstreamError,
};

/// How long a list is used before it is fetched again.
const TTL: Duration = Duration::from_secs(10 * 60);

/// How long a list is used while no newer one can be fetched: the longest that a revoked key is accepted.
const MAX_TTL: Duration = Duration::from_secs(30 * 60);

/// The minimum time between two fetches because of an unknown key, or after a failure while a list is usable.
const REFETCH_INTERVAL: Duration = Duration::from_secs(60);

/// The minimum time between two fetches after a failure without a usable list, so that requests do not queue
/// up behind an API that hangs.
const RETRY_DELAY: Duration = Duration::from_secs(3);

/// The time limit of one request, as in the vendor's own SDK.
const TIMEOUT: Duration = Duration::from_secs(5);

const MAX_BYTES: usize = 256 * 1024;

/// The minimum size of a modulus in bytes: 2048 bits. Shorter keys are ignored, since they are insecure.
const MIN_MODULUS_BYTES: usize = 256;

/// The keys, fetched when they are first needed and cached.
pub(super) struct ProjectKeys {
    client: Client,
    url: Url,
    clock: Clock,
    known: RwLock<Known>,
    /// Held during a fetch. Requests whose key is in a current list do not wait for it.
    turn: Mutex<()>,
}

/// The last list of keys, with the times of the last success and failure.
#[derive(Default)]
struct Known {
    keys: HashMap<String, DecodingKey>,
    fetched_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

/// One entry of the list.
#[derive(Deserialize)]
struct ProjectKey {
    kid: String,
    n: String,
    e: String,
}

enum Look {
    Found(DecodingKey),
    Unknown,
    /// A newer list must be fetched first.
    Fetch,
    /// A newer list would have to be fetched, but the last attempt failed too recently.
    Unavailable,
}

impl ProjectKeys {
    pub(super) fn new(config: &XsollaConfig, clock: Clock) -> anyhow::Result<Self> {
        let path = format!("projects/{}/keys", config.project_id);
        Ok(Self {
            client: outbound::client(TIMEOUT)?,
            url: config.api.join(&path)?,
            clock,
            known: RwLock::default(),
            turn: Mutex::default(),
        })
    }

    /// The key with this ID (`kid`).
    ///
    /// # Errors
    /// [`UpstreamError::Invalid`] if the project has no such key, [`UpstreamError::Unavailable`] if the keys cannot be
    /// fetched.
    pub(super) async fn key(&self, id: &str) -> Result<DecodingKey, UpstreamError> {
        let mut look = self.look(id);
        if matches!(look, Look::Fetch) {
            let _turn = self.turn.lock().await;
            // The previous holder of the lock may have fetched it.
            look = self.look(id);
            if matches!(look, Look::Fetch) {
                self.refresh().await;
                look = self.look(id);
            }
        }
        match look {
            Look::Found(key) => Ok(key),
            Look::Unknown => Err(UpstreamError::invalid(anyhow!(
                "the project lists no such key"
            ))),
            Look::Fetch | Look::Unavailable => Err(UpstreamError::Unavailable(anyhow!(
                "the list of keys cannot be fetched"
            ))),
        }
    }

    fn look(&self, id: &str) -> Look {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.look(id, self.clock.now())
    }

    async fn refresh(&self) {
        let fetched = self.fetch().await;
        let now = self.clock.now();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        match fetched {
            Ok(keys) => {
                *known = Known {
                    keys,
                    fetched_at: Some(now),
                    failed_at: None,
                };
            }
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "cannot fetch Xsolla's list of keys"
                );
                known.failed_at = Some(now);
            }
        }
    }

    async fn fetch(&self) -> anyhow::Result<HashMap<String, DecodingKey>> {
        let request = self.client.get(self.url.clone());
        let response = outbound::send("xsolla", request).await;
        let mut response = response.map_err(reqwest::Error::without_url)?;
        let status = response.status();
        ensure!(status.is_success(), "the response has the status {status}");
        let body = outbound::read(&mut response, MAX_BYTES).await?;
        let list: Vec<ProjectKey> =
            serde_json::from_slice(&body).context("the response cannot be parsed")?;
        let mut keys = HashMap::new();
        for key in list {
            let (modulus, exponent) = (number(&key.n)?, number(&key.e)?);
            if modulus.len() >= MIN_MODULUS_BYTES {
                let decoding = DecodingKey::from_rsa_raw_components(&modulus, &exponent);
                keys.insert(key.kid, decoding);
            }
        }
        Ok(keys)
    }
}

impl Known {
    fn look(&self, id: &str, now: Timestamp) -> Look {
        let within = |at: Option<Timestamp>, time| at.is_some_and(|at| now.is_within(time, at));
        let usable = within(self.fetched_at, MAX_TTL);
        let key = self.keys.get(id).filter(|_| usable);
        let pause = if usable {
            REFETCH_INTERVAL
        } else {
            RETRY_DELAY
        };
        match key {
            Some(key) if within(self.fetched_at, TTL) => Look::Found(key.clone()),
            None if within(self.fetched_at, REFETCH_INTERVAL) => Look::Unknown,
            _ if !within(self.failed_at, pause) => Look::Fetch,
            Some(key) => Look::Found(key.clone()),
            None => Look::Unavailable,
        }
    }
}

/// The bytes of a hexadecimal number, without leading zeros.
fn number(hexadecimal: &str) -> anyhow::Result<Vec<u8>> {
    let digits = hexadecimal.trim_start_matches('0');
    let width = digits.len().next_multiple_of(2);
    base16ct::mixed::decode_vec(format!("{digits:0>width$}"))
        .context("a number of a key is not hexadecimal")
}
