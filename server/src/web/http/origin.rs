//! Protection against cross-site request forgery (CSRF): one same-origin check for every unsafe method on the
//! login origin, including server functions.

use std::sync::Arc;

use app::model::Problem;
use axum::{
    extract::{Request, State},
    http::{
        HeaderMap, HeaderName,
        header::{ORIGIN, REFERER},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

use super::HttpError;
use crate::{config::Origin, web::handoff::is_opener_path};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Which origins may send unsafe requests to the login.
#[derive(Clone, Debug)]
pub struct OriginRules(Arc<Rules>);

#[derive(Debug)]
struct Rules {
    own: Origin,
    site: Origin,
}

impl OriginRules {
    /// `own` may send any request; `site` may only sign out.
    pub fn new(own: Origin, site: Origin) -> Self {
        Self(Arc::new(Rules { own, site }))
    }

    /// Whether a request with these headers comes from a page that may send it.
    ///
    /// Browsers send `Origin` and `Sec-Fetch-Site`, which must agree; old ones may send `Referer` only. A
    /// request with none of these headers is rejected.
    fn allows(&self, path: &str, headers: &HeaderMap) -> bool {
        let site = headers.get(SEC_FETCH_SITE).map(|value| value.as_bytes());
        let mut origins = headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (Some(_), Some(_)) => false,
            (Some(_), None) if is_provider_answer(path) || is_opener_path(path) => true,
            // A browser that is set to send no referrers posts our own forms with the origin `null`.
            (Some(origin), None) if origin == "null" => site == Some(b"same-origin"),
            (Some(origin), None) if origin == self.0.own.as_str() => {
                site.is_none_or(|site| site == b"same-origin")
            }
            (Some(origin), None) => path == "/logout" && origin == self.0.site.as_str(),
            (None, _) => match site {
                Some(site) => site == b"same-origin",
                None => self.is_own_page(headers),
            },
        }
    }

    fn is_own_page(&self, headers: &HeaderMap) -> bool {
        let referer = headers.get(REFERER).and_then(|value| value.to_str().ok());
        let referer = referer.and_then(|referer| Url::parse(referer).ok());
        referer.is_some_and(|url| url.origin().ascii_serialization() == self.0.own.as_str())
    }
}

/// Whether a path is a provider's callback. Some providers post their response to it; the handler only
/// redirects to the same path, where the state is checked.
fn is_provider_answer(path: &str) -> bool {
    path.strip_prefix("/oauth/")
        .and_then(|rest| rest.strip_suffix("/callback"))
        .is_some_and(|provider| !provider.contains('/'))
}

/// Middleware that rejects unsafe requests from other origins' pages, before their body is read.
pub async fn same_origin_only(
    State(rules): State<OriginRules>,
    request: Request,
    next: Next,
) -> Response {
    if request.method().is_safe() || rules.allows(request.uri().path(), request.headers()) {
        return next.run(request).await;
    }
    tracing::info!(
        path = request.uri().path(),
        "rejected a request from another origin"
    );
    HttpError::Rejected(Problem::Forbidden).into_response()
}

#[cfg(test)]
mod tests;
