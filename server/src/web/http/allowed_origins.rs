//! Who may read a credential: scripts on pages of the login and of the embedding site. Navigations, and elements
//! that load a URL, may not.
//!
//! Vendors' snippets fetch credentials by GET, which the same-origin check of unsafe methods does not cover, or by
//! POST from the embedding site, which it does not allow.
//! The session cookie is `Lax`, so browsers also send it with requests from hostile pages on a sibling host.

use std::{sync::Arc, time::Duration};

use app::model::Problem;
use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, Request,
        header::{CONTENT_TYPE, ORIGIN, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use tower_http::{cors::CorsLayer, validate_request::ValidateRequest};

use super::HttpError;
use crate::config::Origin;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// How long a browser may cache a preflight response.
const PREFLIGHT_TTL: Duration = Duration::from_secs(10 * 60);

/// The origins whose pages may read credentials.
#[derive(Clone, Debug)]
pub struct AllowedOrigins(Arc<[Origin]>);

impl AllowedOrigins {
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self(origins.into_iter().collect())
    }

    /// The CORS layer: only pages of these origins may read responses to requests with cookies.
    pub fn cors(&self) -> CorsLayer {
        let origins = self.0.iter().map(Origin::as_str);
        let origins: Vec<HeaderValue> = origins
            .filter_map(|origin| HeaderValue::try_from(origin).ok())
            .collect();
        CorsLayer::new()
            .allow_origin(origins)
            .allow_credentials(true)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([CONTENT_TYPE])
            .expose_headers([RETRY_AFTER])
            .max_age(PREFLIGHT_TTL)
    }

    /// Whether a request with these headers comes from a script on a page that may read the response.
    ///
    /// Checks `Origin` and the Fetch Metadata headers (`Sec-Fetch-*`). A missing header is accepted.
    fn allow(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter();
        let known = match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => self.0.iter().any(|known| origin == known.as_str()),
            (Some(_), Some(_)) => false,
        };
        let says = |name: &HeaderName, allowed: &[&str]| {
            headers
                .get(name)
                .is_none_or(|value| allowed.iter().any(|allowed| value == allowed))
        };
        known
            && says(&SEC_FETCH_SITE, &["same-origin", "same-site", "none"])
            && says(&SEC_FETCH_MODE, &["cors", "same-origin"])
            && says(&SEC_FETCH_DEST, &["empty"])
    }
}

/// Rejects requests by other origins' pages, navigations, and loads as a script, image or frame.
impl<B> ValidateRequest<B> for AllowedOrigins {
    type ResponseBody = Body;

    fn validate(&mut self, request: &mut Request<B>) -> Result<(), Response> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::POST);
        if !reads || self.allow(request.headers()) {
            return Ok(());
        }
        tracing::info!(
            path = request.uri().path(),
            "rejected a read that is not by a script of an allowed origin"
        );
        Err(HttpError::Rejected(Problem::Forbidden).into_response())
    }
}

#[cfg(test)]
mod tests;
