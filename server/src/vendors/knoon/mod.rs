//! Knoon Chat Box, "Custom Sign In": `POST /api/knoon/credentials` relays the credential that Knoon's API gives for the
//! signed-in user; the popup hands it to the page with the Chat Box.

mod config;
mod credential;
mod showcase;

use std::fmt;

use app::model::Showcase;
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::{Value, json};

use self::{
    config::KnoonConfig,
    credential::{Exchange, ExchangeError},
};
use super::{
    HandoffVendor, Place, Surroundings, UpstreamLogins, VendorIdentity,
    access::{self, Asking, Denied, vouch_for},
    vendor::{CredentialVendor, Vendor},
};
use crate::{
    accounts::User,
    config::{HttpConfig, Source},
    handoff::{Credential, Failure, Handoffs},
    limits::MemoryLimiter,
    state::AppState,
};

const CREDENTIALS: &str = "/api/knoon/credentials";

/// Knoon, configured.
pub(super) struct Knoon {
    exchange: Exchange,
    limiter: MemoryLimiter,
    /// The parent domain with a leading dot, as the vendor's documents write it.
    domain: String,
}

impl Vendor for Knoon {
    type Config = KnoonConfig;

    const HANDOFF: Option<HandoffVendor> = Some(HandoffVendor {
        name: "knoon",
        credential_path: CREDENTIALS,
        cookie_prefix: "knoon",
        widget_path: "/knoon/chatbox.js",
    });

    const COOKIES: &'static [&'static str] = &["knoon_*"];

    const SHOWCASE_SCRIPT: &'static str = include_str!("showcase.js");

    fn config(source: &Source, http: &HttpConfig) -> Option<KnoonConfig> {
        KnoonConfig::from_source(source, http)
    }

    fn new(config: &KnoonConfig, surroundings: &Surroundings<'_>) -> anyhow::Result<Self> {
        Ok(Self {
            exchange: Exchange::new(config)?,
            limiter: surroundings.limiter(),
            domain: format!(".{}", surroundings.http.cookie_domain),
        })
    }

    fn showcase(&self, place: &Place<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        Some(showcase::showcase(place))
    }

    async fn handoff_credential(
        &self,
        user: User,
        chat_box_id: &str,
        handoffs: &Handoffs,
    ) -> Result<Credential, Failure> {
        let user = vouch_for(user, self)?;
        Ok(self.credential(&user, chat_box_id, handoffs).await?)
    }

    /// `POST /api/knoon/credentials`.
    fn routes() -> Router<AppState> {
        Router::new().route(CREDENTIALS, post(credentials))
    }
}

impl CredentialVendor for Knoon {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

impl Knoon {
    /// The credential of a user for a chat box, with the domain on which the opener keeps it.
    async fn credential(
        &self,
        user: &VendorIdentity,
        chat_box_id: &str,
        handoffs: &Handoffs,
    ) -> Result<Credential, CredentialError> {
        let chat_box = handoffs.chat_box(chat_box_id).await.map_err(|error| {
            tracing::error!(%error, "a chat box cannot be read");
            CredentialError::ServerError
        })?;
        let chat_box = chat_box.ok_or(CredentialError::BadRequest)?;
        let mut credential = self.exchange.credential(user, &chat_box.id).await?;
        let domain = self.domain.clone().into();
        credential.0.insert("domain".to_owned(), domain);
        Ok(credential)
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
    Denied(Denied),
    BadRequest,
    UnsupportedMediaType,
    ServerError,
}

impl From<Denied> for CredentialError {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
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

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::BadRequest | CredentialError::UnsupportedMediaType => Self::Refused,
            CredentialError::Denied(denied) => denied.into(),
            CredentialError::ServerError => Self::Unavailable,
        }
    }
}

impl IntoResponse for CredentialError {
    fn into_response(self) -> Response {
        let body = |word: &str| Json(json!({ "status": word }));
        match self {
            Self::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, body("bad_request")).into_response()
            }
            // What only an endpoint can say: the popup is told of both as of a vendor that is down.
            Self::Denied(Denied::Off) => Denied::Off.respond(body("not_found")),
            Self::Denied(Denied::Unavailable) => Denied::Unavailable.respond(body("server_error")),
            error => Failure::from(error).into_response(),
        }
    }
}

/// All that is read of a request. Who the user is, the session says; `reader` only says whom the page was drawn for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CredentialRequest {
    chat_box_id: String,
    reader: Option<String>,
}

impl CredentialRequest {
    /// The request in a JSON object. A struct would be read from an array, too.
    fn parse(body: &[u8]) -> Option<Self> {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        is_object.then(|| serde_json::from_slice(body).ok())?
    }
}

async fn credentials(
    State(state): State<AppState>,
    asking: Result<Asking<Knoon>, Denied>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, CredentialError> {
    let Asking { vendor, user } = asking?;
    if !is_json(&headers) {
        return Err(CredentialError::UnsupportedMediaType);
    }
    let request = CredentialRequest::parse(&body).ok_or(CredentialError::BadRequest)?;
    if request
        .reader
        .is_some_and(|reader| reader != user.external_id)
    {
        return Err(Denied::SignedOut.into());
    }
    let data = vendor
        .credential(&user, &request.chat_box_id, &state.handoffs)
        .await?;
    // The vendor takes its time: who signs out meanwhile has no credential yet that could be deleted.
    access::user(&headers, &state)
        .await?
        .ok_or(Denied::SignedOut)?;
    Ok(Json(json!({ "status": "ok", "data": data })))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}
