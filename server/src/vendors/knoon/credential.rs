//! The exchange: requests a credential from Knoon's API for a user whom this server has authenticated.
//!
//! <https://support.knoon.ai>, "Introduction to Custom Sign In": `POST /v1/credentials/login` with Basic
//! authentication.

use std::time::Duration;

use axum::http::{
    HeaderValue, StatusCode,
    header::{AUTHORIZATION, DATE},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use super::{COOKIE_PREFIX, KnoonConfig, NAME, expiry};
use crate::{
    clock::{Clock, Timestamp},
    handoff::Credential,
    http::encode_uri_component,
    outbound,
    vendors::VendorIdentity,
};

/// The maximum size of a response. A credential has a few hundred bytes.
const MAX_BYTES: usize = 64 * 1024;

/// The maximum length of a cookie's name and value together, in bytes. Browsers drop longer ones silently.
const MAX_COOKIE: usize = 4096;

/// The maximum number of concurrent exchanges; further ones wait. So a vendor that hangs can't take up
/// unlimited connections.
const MAX_CONCURRENT: usize = 32;

/// Why there is no credential.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExchangeError {
    /// The vendor rejects this user or chat box, or sends no credential. A retry would not help.
    #[error("the vendor issued no credential ({0})")]
    Rejected(String),
    /// The vendor rejects our API key.
    #[error("the vendor does not accept the organization id and API key ({0})")]
    Unauthorized(StatusCode),
    /// Browsers would drop the cookie with this credential.
    #[error("the credential is too long for a cookie ({0} bytes)")]
    TooLong(usize),
    /// The vendor is down or too slow, or its response is malformed.
    #[error("the vendor cannot be used: {0}")]
    Unavailable(#[source] anyhow::Error),
}

/// A client of Knoon's API, with pooled connections.
pub(super) struct Exchange {
    client: Client,
    url: Url,
    authorization: SecretString,
    permits: Semaphore,
    timeout: Duration,
    clock: Clock,
}

/// The body of the request. The names are the vendor's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    email: &'a str,
    external_id: &'a str,
    #[serde(rename = "photoURL")]
    photo_url: Option<&'a str>,
    display_name: &'a str,
    chat_box_id: &'a str,
}

impl Exchange {
    pub(super) fn new(config: &KnoonConfig, clock: Clock) -> anyhow::Result<Self> {
        let basic = format!(
            "{}:{}",
            config.organization_id,
            config.api_key.expose_secret()
        );
        Ok(Self {
            client: outbound::client(config.timeout)?,
            url: config.credentials_url.clone(),
            authorization: format!("Basic {}", STANDARD.encode(basic)).into(),
            permits: Semaphore::new(MAX_CONCURRENT),
            timeout: config.timeout,
            clock,
        })
    }

    /// Requests a user's credential. Never repeats a request that has been sent.
    ///
    /// # Errors
    /// [`ExchangeError`].
    pub(super) async fn credential(
        &self,
        user: &VendorIdentity,
        chat_box_id: &str,
    ) -> Result<Credential, ExchangeError> {
        let exchange = async {
            let _permit = self
                .permits
                .acquire()
                .await
                .map_err(|error| ExchangeError::Unavailable(error.into()))?;
            self.ask(user, chat_box_id).await
        };
        let too_slow = |_| ExchangeError::Unavailable(anyhow::anyhow!("no response in time"));
        timeout(self.timeout, exchange).await.map_err(too_slow)?
    }

    async fn ask(
        &self,
        user: &VendorIdentity,
        chat_box_id: &str,
    ) -> Result<Credential, ExchangeError> {
        let body = Body {
            email: &user.email,
            external_id: &user.external_id,
            photo_url: user.photo_url.as_deref(),
            display_name: &user.display_name,
            chat_box_id,
        };
        let mut authorization = HeaderValue::try_from(self.authorization.expose_secret())
            .map_err(|error| ExchangeError::Unavailable(error.into()))?;
        authorization.set_sensitive(true);
        let request = self
            .client
            .post(self.url.clone())
            .header(AUTHORIZATION, authorization)
            .json(&body);
        // Errors don't show the URL, since forks may put secrets into it.
        let mut response = outbound::send(NAME, request)
            .await
            .map_err(|error| ExchangeError::Unavailable(error.without_url().into()))?;
        let date = response.headers().get(DATE);
        let sent_at = date.and_then(|date| expiry::read_http_date(date.to_str().ok()?));
        match response.status() {
            status if status.is_success() => {
                let body = outbound::read(&mut response, MAX_BYTES).await;
                let body = body.map_err(ExchangeError::Unavailable)?;
                let data = parse(&body, chat_box_id)?;
                Ok(credential(data, sent_at, self.clock.now()))
            }
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                Err(ExchangeError::Unauthorized(status))
            }
            status @ (StatusCode::BAD_REQUEST
            | StatusCode::NOT_FOUND
            | StatusCode::CONFLICT
            | StatusCode::GONE
            | StatusCode::UNPROCESSABLE_ENTITY) => Err(ExchangeError::Rejected(status.to_string())),
            status => Err(ExchangeError::Unavailable(anyhow::anyhow!(
                "status {status}"
            ))),
        }
    }
}

/// Extracts the credential from the vendor's response, `{"data": {…}}`.
fn parse(body: &[u8], chat_box_id: &str) -> Result<Map<String, Value>, ExchangeError> {
    let malformed = |text: &'static str| ExchangeError::Unavailable(anyhow::anyhow!(text));
    let envelope: Value =
        serde_json::from_slice(body).map_err(|_| malformed("the response is not JSON"))?;
    let Value::Object(mut envelope) = envelope else {
        return Err(malformed("the response is not an object"));
    };
    let mut data = match envelope.remove("data") {
        Some(Value::Object(data)) if !data.is_empty() => data,
        None | Some(Value::Null | Value::Object(_)) => {
            return Err(ExchangeError::Rejected("empty".to_owned()));
        }
        Some(_) => return Err(malformed("the data is not an object")),
    };
    // Properties with a special meaning in JavaScript objects.
    for name in ["__proto__", "constructor", "prototype"] {
        data.remove(name);
    }
    let jwt = data.get("jwt").and_then(Value::as_str).unwrap_or_default();
    let expires_ok = data
        .get("expiresAt")
        .is_some_and(|at| at.is_number() || at.as_str().is_some_and(|at| !at.is_empty()));
    let same_box = data.get("chatBoxId").is_none_or(|id| id == chat_box_id);
    if jwt.is_empty() || !expires_ok {
        return Err(ExchangeError::Rejected("no jwt or no expiry".to_owned()));
    }
    if !same_box {
        return Err(malformed("the credential is for another chat box"));
    }
    let length = cookie_length(jwt, chat_box_id);
    if length > MAX_COOKIE {
        return Err(ExchangeError::TooLong(length));
    }
    Ok(data)
}

/// The length of the cookie in which a page keeps a token, with its name.
fn cookie_length(jwt: &str, chat_box_id: &str) -> usize {
    let value = encode_uri_component(jwt).to_string();
    COOKIE_PREFIX.len() + "_jwt_".len() + chat_box_id.len() + value.len()
}

/// The credential with its expiry by this server's clock. The vendor's clock may differ: its response says both
/// when the credential expires and, in the header `Date`, what time it is there.
fn credential(
    mut data: Map<String, Value>,
    sent_at: Option<Timestamp>,
    now: Timestamp,
) -> Credential {
    let expiry = data.get("expiresAt").and_then(expiry::read);
    let expires_at = expiry
        .as_ref()
        .map(|expiry| now + expiry.at.since(sent_at.unwrap_or(now)));
    match expires_at {
        None => tracing::warn!("the vendor's credential has an expiry that cannot be read"),
        Some(at) if at <= now => tracing::warn!("the vendor's credential had expired when it came"),
        Some(_) => {}
    }
    if let Some(completed) = expiry.and_then(|expiry| expiry.completed) {
        data.insert("expiresAt".to_owned(), completed.into());
    }
    Credential { data, expires_at }
}

#[cfg(test)]
mod tests;
