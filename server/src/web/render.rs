//! Renders a page from its model: HTML with a nonce, and its content security policy.

use std::{borrow::Cow, sync::Arc};

use app::{
    i18n::Locale,
    model::{Deployment, Leave, Page},
};
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, REFRESH},
    },
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;
use url::Url;

use crate::{
    random,
    web::{
        http::{ContentPolicy, HttpError},
        manifest::Manifest,
    },
};

/// Renders pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    deployment: Deployment,
    rebuilt: Option<Manifest>,
    login_policy: ContentPolicy,
    site_policy: ContentPolicy,
}

impl Pages {
    /// If the browser's files may be rebuilt while the server runs, `rebuilt` is their manifest, which is
    /// read for each page.
    pub fn new(
        deployment: Deployment,
        rebuilt: Option<Manifest>,
        login_policy: ContentPolicy,
        site_policy: ContentPolicy,
    ) -> Self {
        Self(Arc::new(Inner {
            deployment,
            rebuilt,
            login_policy,
            site_policy,
        }))
    }

    /// The settings that all pages share.
    pub fn deployment(&self) -> &Deployment {
        &self.0.deployment
    }

    /// Renders a page as a response.
    pub fn respond(&self, status: StatusCode, page: Page) -> Response {
        let nonce = STANDARD_NO_PAD.encode(random::bytes::<18>());
        let policy = match &page {
            Page::Site(_) | Page::Vendor(_) => self.0.site_policy.clone(),
            _ => self.0.login_policy.clone(),
        };
        let secret_address = matches!(page, Page::VerifyEmail(_) | Page::ResetPassword(_));
        let mut response = (status, Html(self.html(&nonce, page))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy.header(&nonce));
        // Proxies that rewrite pages break their scripts.
        let cache_control = HeaderValue::from_static("no-store, no-transform");
        headers.insert(CACHE_CONTROL, cache_control);
        if secret_address {
            // Not `no-referrer`: with that, browsers send the origin of the page's form as `null`.
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        }
        response
    }

    /// Responds to a form with a page that sends the browser to another origin. Browsers apply `form-action` to
    /// all redirects after a form, and no one knows in advance where the other origin redirects.
    ///
    /// # Errors
    /// If the URL is not a valid header value.
    pub fn leave(&self, name: &str, url: &Url) -> Result<Response, HttpError> {
        let page = Leave {
            name: name.to_owned(),
            url: url.to_string(),
        };
        let mut response = self.respond(StatusCode::OK, Page::Leave(page));
        let refresh = HeaderValue::try_from(format!("0; url={url}"));
        let refresh = refresh.map_err(|error| HttpError::Internal(error.to_string()))?;
        response.headers_mut().insert(REFRESH, refresh);
        Ok(response)
    }

    fn html(&self, nonce: &str, page: Page) -> String {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let deployment = self.current();
        let html = owner.with(|| app::document(&deployment, Locale::default(), nonce, page));
        owner.cleanup();
        html
    }

    fn current(&self) -> Cow<'_, Deployment> {
        let Some(manifest) = &self.0.rebuilt else {
            return Cow::Borrowed(&self.0.deployment);
        };
        let mut deployment = self.0.deployment.clone();
        if let Err(error) = manifest.apply(&mut deployment) {
            tracing::warn!(
                cause = format!("{error:#}"),
                "cannot read the names of built files"
            );
        }
        Cow::Owned(deployment)
    }
}
