//! Renders a page from its model: HTML with a nonce, and its content security policy.

use std::{borrow::Cow, sync::Arc};

use app::{
    i18n::Locale,
    model::{Deployment, Page},
};
use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY},
    },
    response::{Html, IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hydration_context::SsrSharedContext;
use leptos::prelude::*;

use crate::{
    random,
    web::{http::ContentPolicy, manifest::Manifest},
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
            // Its form ends in a redirect to the return page, and some browsers check redirects, too.
            Page::Handoff(page) => self.0.login_policy.with_form_target(&page.return_origin),
            _ => self.0.login_policy.clone(),
        };
        let secret_address = matches!(page, Page::VerifyEmail(_) | Page::ResetPassword(_));
        let mut response = (status, Html(self.html(&nonce, page))).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_SECURITY_POLICY, policy.header(&nonce));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if secret_address {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        }
        response
    }

    fn html(&self, nonce: &str, page: Page) -> String {
        let owner = Owner::new_root(Some(Arc::new(SsrSharedContext::new_islands())));
        let deployment = self.current();
        let html =
            owner.with(|| app::document(&deployment, Locale::default(), nonce, page).to_html());
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
