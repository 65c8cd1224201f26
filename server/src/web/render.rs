//! Renders a page from its model: HTML, nonce, content security policy.

use std::sync::Arc;

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

use crate::{random, web::http::ContentPolicy};

/// Renders pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    deployment: Deployment,
    login_policy: ContentPolicy,
    site_policy: ContentPolicy,
}

impl Pages {
    pub fn new(
        deployment: Deployment,
        login_policy: ContentPolicy,
        site_policy: ContentPolicy,
    ) -> Self {
        Self(Arc::new(Inner {
            deployment,
            login_policy,
            site_policy,
        }))
    }

    /// What all pages have in common.
    pub fn deployment(&self) -> &Deployment {
        &self.0.deployment
    }

    /// The response that shows a page.
    pub fn respond(&self, status: StatusCode, page: Page) -> Response {
        let nonce = STANDARD_NO_PAD.encode(random::bytes::<18>());
        let policy = match &page {
            Page::Site(_) | Page::Vendor(_) => self.0.site_policy.clone(),
            // Its form leads on to the chat box's page, and browsers hold redirects to this rule as well.
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
        let html = owner
            .with(|| app::document(&self.0.deployment, Locale::default(), nonce, page).to_html());
        owner.cleanup();
        html
    }
}
