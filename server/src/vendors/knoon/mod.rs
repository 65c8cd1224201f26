//! Knoon Chat Box, "Custom Sign In": `POST /api/knoon/credentials` relays the credential that Knoon's API gives for the
//! signed-in user; the popup hands it to the page with the Chat Box.

mod config;
mod credential;

use std::fmt;

use app::model::HandoffFailure;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use self::credential::{Credential, Exchange, ExchangeError};
use super::{HandoffVendor, VendorIdentity, Vendors};
use crate::{
    accounts::{User, Visitor},
    clock::Clock,
    config::{HttpConfig, LimitsConfig},
    handoff::Handoffs,
    limits::{Exhausted, MemoryLimiter},
    state::AppState,
};

pub(super) use config::KnoonConfig;

/// What the popup has to know.
pub(super) const HANDOFF: HandoffVendor = HandoffVendor {
    credential_path: "/api/knoon/credentials",
    cookie_prefix: "knoon",
    widget_path: "/knoon/chatbox.js",
};

/// Knoon, configured.
pub(super) struct Knoon {
    exchange: Exchange,
    limiter: MemoryLimiter,
    /// The parent domain with a leading dot, as the vendor's documents write it.
    domain: String,
}

impl Knoon {
    pub(super) fn new(
        config: &KnoonConfig,
        http: &HttpConfig,
        limits: &LimitsConfig,
        clock: &Clock,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            exchange: Exchange::new(config)?,
            limiter: MemoryLimiter::new(limits.credentials, clock.clone()),
            domain: format!(".{}", http.cookie_domain),
        })
    }

    /// The credential for the popup's last step, for those that do not come through the endpoint.
    pub(super) async fn handoff_credential(
        &self,
        user: User,
        chat_box_id: &str,
        handoffs: &Handoffs,
    ) -> Result<Map<String, Value>, HandoffFailure> {
        Ok(self.credential(user, chat_box_id, handoffs).await?)
    }

    /// The credential of a user for a chat box, with the domain on which the opener keeps it.
    async fn credential(
        &self,
        user: User,
        chat_box_id: &str,
        handoffs: &Handoffs,
    ) -> Result<Map<String, Value>, CredentialError> {
        self.limiter.count(&user.id)?;
        let chat_box = handoffs.chat_box(chat_box_id).await.map_err(|error| {
            tracing::error!(%error, "a chat box cannot be read");
            CredentialError::ServerError
        })?;
        let chat_box = chat_box.ok_or(CredentialError::BadRequest)?;
        let identity = VendorIdentity::try_from(user).map_err(|_| CredentialError::Forbidden)?;
        let Credential(mut data) = self.exchange.credential(&identity, &chat_box.id).await?;
        data.insert("domain".to_owned(), self.domain.clone().into());
        Ok(data)
    }
}

impl fmt::Debug for Knoon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Knoon")
    }
}

/// The outcomes of the endpoint beside success, as the vendor's sample names them.
#[derive(Debug, PartialEq, Eq)]
enum CredentialError {
    NotFound,
    Unauthenticated,
    BadRequest,
    UnsupportedMediaType,
    Forbidden,
    RateLimited(Exhausted),
    ServerError,
    /// Nobody knows who asks: the session store does not answer.
    Unavailable,
}

impl From<Exhausted> for CredentialError {
    fn from(exhausted: Exhausted) -> Self {
        Self::RateLimited(exhausted)
    }
}

impl From<ExchangeError> for CredentialError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::Refused(_) => {
                tracing::warn!(%error, "no credential");
                Self::BadRequest
            }
            ExchangeError::Unauthorized(_) => {
                tracing::error!(%error, "KNOON_ORG_ID and KNOON_API_KEY must be checked");
                Self::ServerError
            }
            ExchangeError::Unavailable(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "no credential");
                Self::ServerError
            }
        }
    }
}

impl From<CredentialError> for HandoffFailure {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::BadRequest | CredentialError::UnsupportedMediaType => Self::Refused,
            CredentialError::Unauthenticated => Self::SignedOut,
            CredentialError::Forbidden => Self::Forbidden,
            CredentialError::RateLimited(_) => Self::Limited,
            CredentialError::NotFound
            | CredentialError::ServerError
            | CredentialError::Unavailable => Self::Unavailable,
        }
    }
}

impl IntoResponse for CredentialError {
    fn into_response(self) -> Response {
        let (status, word) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, "not_found"),
            Self::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated"),
            Self::BadRequest => (StatusCode::BAD_REQUEST, "bad_request"),
            Self::UnsupportedMediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "bad_request"),
            Self::Forbidden => (StatusCode::FORBIDDEN, "forbidden"),
            Self::RateLimited(_) => (StatusCode::TOO_MANY_REQUESTS, "rate_limited"),
            Self::ServerError => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
            Self::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "server_error"),
        };
        let mut response = (status, Json(json!({ "status": word }))).into_response();
        if let Self::RateLimited(exhausted) = self {
            response.headers_mut().insert(
                RETRY_AFTER,
                HeaderValue::from(exhausted.retry_after_seconds()),
            );
        }
        response
    }
}

/// `POST /api/knoon/credentials`.
pub(super) fn routes() -> Router<AppState> {
    Router::new().route(HANDOFF.credential_path, post(credentials))
}

/// All that is read of a request: who the user is, the session says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialRequest {
    chat_box_id: String,
}

impl CredentialRequest {
    /// The request in a JSON object. A struct would be read from an array, too.
    fn parse(body: &[u8]) -> Option<Self> {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        is_object.then(|| serde_json::from_slice(body).ok())?
    }
}

async fn credentials(
    State(vendors): State<Vendors>,
    State(handoffs): State<Handoffs>,
    visitor: Result<Visitor, crate::http::HttpError>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, CredentialError> {
    let knoon = vendors.knoon.ok_or(CredentialError::NotFound)?;
    let visitor = visitor.map_err(|error| {
        tracing::error!(%error, "a session cannot be read");
        CredentialError::Unavailable
    })?;
    let user = visitor.0.ok_or(CredentialError::Unauthenticated)?.user;
    if !is_json(&headers) {
        return Err(CredentialError::UnsupportedMediaType);
    }
    let request = CredentialRequest::parse(&body).ok_or(CredentialError::BadRequest)?;
    let data = knoon
        .credential(user, &request.chat_box_id, &handoffs)
        .await?;
    Ok(Json(json!({ "status": "ok", "data": data })))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}
