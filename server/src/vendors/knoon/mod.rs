//! Knoon Chat Box, "Custom Sign In": `POST /api/knoon/credentials` requests a credential for the signed-in
//! user from Knoon's API and returns it; the popup hands it to the page with the Chat Box.

mod config;
mod credential;
mod expiry;
mod showcase;

use std::{fmt, sync::Arc};

use app::model::Showcase;
use async_trait::async_trait;
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
    DemoSite, HandoffVendor, UpstreamLogins, VendorContext, VendorDefinition, VendorIdentity,
    VendorServices,
    access::{CredentialRequest, CredentialVendor, Denied, Endpoint, identity_for_vendor},
    vendor::{Vendor, VendorConfig, configured},
};
use crate::{
    accounts::User,
    audit::Site,
    clock::Clock,
    handoff::{ChatBox, Credential, Failure},
    limits::MemoryLimiter,
};

const NAME: &str = "knoon";

/// The prefix of the cookies in which pages keep the credential.
const COOKIE_PREFIX: &str = "knoon";

const CREDENTIALS: &str = "/api/knoon/credentials";

/// Knoon, configured.
pub(super) struct Knoon {
    exchange: Exchange,
    clock: Clock,
    limiter: MemoryLimiter,
    /// The parent domain with a leading dot, as in the vendor's documentation.
    domain: String,
}

/// Knoon in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: NAME,
    configure: |source, http| configured(KnoonConfig::from_source(source, http)),
    login_paths: &[CREDENTIALS],
    readable_paths: &[],
    off,
    handoff: Some(HandoffVendor {
        name: NAME,
        credential_path: CREDENTIALS,
        cookie_prefix: COOKIE_PREFIX,
        widget_path: "/knoon/chatbox.js",
    }),
    cookies: &["knoon_*"],
    storage: &[],
    showcase_script: include_str!("showcase.js"),
};

impl VendorConfig for KnoonConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        Ok(Arc::new(Knoon {
            exchange: Exchange::new(self, context.clock.clone())?,
            clock: context.clock.clone(),
            limiter: context.limiter(),
            domain: format!(".{}", context.http.cookie_domain),
        }))
    }
}

#[async_trait]
impl Vendor for Knoon {
    /// `POST /api/knoon/credentials`.
    fn login_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        Router::new()
            .route(CREDENTIALS, post(credentials))
            .with_state(Endpoint::new(self, services))
    }

    async fn handoff_credential(
        &self,
        user: User,
        chat_box: &ChatBox,
    ) -> Result<Credential, Failure> {
        let user = identity_for_vendor(user, self)?;
        Ok(self.credential(&user, chat_box).await?)
    }

    fn showcase(&self, site: &DemoSite<'_>, _: &UpstreamLogins) -> Option<Showcase> {
        Some(showcase::showcase(site))
    }
}

impl CredentialVendor for Knoon {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

impl Knoon {
    /// The credential of a user for a chat box, with the domain of the cookies in which the opener keeps it.
    async fn credential(
        &self,
        user: &VendorIdentity,
        chat_box: &ChatBox,
    ) -> Result<Credential, CredentialError> {
        let mut credential = self.exchange.credential(user, &chat_box.id).await?;
        let domain = self.domain.clone().into();
        credential.data.insert("domain".to_owned(), domain);
        Ok(credential)
    }
}

impl fmt::Debug for Knoon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Knoon")
    }
}

/// Why the endpoint sends no credential, with the status words of the vendor's sample.
#[derive(Debug, PartialEq, Eq)]
enum CredentialError {
    Denied(Denied),
    BadRequest,
    TooLong,
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
            ExchangeError::Rejected(_) => {
                tracing::warn!(%error, "the exchange failed");
                Self::BadRequest
            }
            ExchangeError::TooLong(_) => {
                tracing::error!(%error, "the exchange failed");
                Self::TooLong
            }
            ExchangeError::Unauthorized(_) => {
                tracing::error!(%error, "check KNOON_ORG_ID and KNOON_API_KEY");
                Self::ServerError
            }
            ExchangeError::Unavailable(cause) => {
                tracing::error!(cause = format!("{cause:#}"), "the exchange failed");
                Self::ServerError
            }
        }
    }
}

impl From<CredentialError> for Failure {
    fn from(error: CredentialError) -> Self {
        match error {
            CredentialError::BadRequest | CredentialError::UnsupportedMediaType => Self::Rejected,
            CredentialError::TooLong => Self::TooLong,
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
            // `Failure`, for the popup, does not distinguish these two from a vendor that is down.
            Self::Denied(Denied::Off) => Denied::Off.respond(body("not_found")),
            Self::Denied(Denied::Unavailable) => Denied::Unavailable.respond(body("server_error")),
            error => Failure::from(error).into_response(),
        }
    }
}

/// The body of a request. The user comes from the session; `viewer` is only the ID of the user that the page
/// was rendered for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    chat_box_id: String,
    viewer: Option<String>,
}

impl Body {
    /// Parses a JSON object. Without the check, serde would read the struct from an array, too.
    fn parse(body: &[u8]) -> Option<Self> {
        let is_object = body.trim_ascii_start().starts_with(b"{");
        is_object.then(|| serde_json::from_slice(body).ok())?
    }
}

async fn credentials(
    State(Endpoint { services, .. }): State<Endpoint<Knoon>>,
    request: Result<CredentialRequest<Knoon>, Denied>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, CredentialError> {
    let CredentialRequest { vendor, user } = request?;
    if !is_json(&headers) {
        return Err(CredentialError::UnsupportedMediaType);
    }
    let body = Body::parse(&body).ok_or(CredentialError::BadRequest)?;
    if body.viewer.is_some_and(|viewer| viewer != user.external_id) {
        return Err(Denied::SignedOut.into());
    }
    let chat_box = services.handoffs().chat_box(&body.chat_box_id).await;
    let chat_box = chat_box.map_err(|error| {
        tracing::error!(%error, "a chat box cannot be read");
        CredentialError::ServerError
    })?;
    let chat_box = chat_box.ok_or(CredentialError::BadRequest)?;
    let credential = vendor.credential(&user, &chat_box).await?;
    // The user may have signed out during the exchange, too early for the sign-out to delete this credential.
    services
        .still_signed_in(&headers, &user.external_id)
        .await?;
    let site = Site::ChatBox(chat_box.id);
    services.uses().note(NAME, user.external_id, site);
    let data = credential.for_page(vendor.clock.now());
    Ok(Json(json!({ "status": "ok", "data": data })))
}

/// The endpoint's response while Knoon is off.
fn off() -> Response {
    CredentialError::Denied(Denied::Off).into_response()
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers
        .get(CONTENT_TYPE)
        .map_or(&b""[..], HeaderValue::as_bytes);
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
    kind.trim_ascii().eq_ignore_ascii_case(b"application/json")
}
