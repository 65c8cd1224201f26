//! The HTML document around every page of the help center, and its security headers.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::ferndesk::state::Ferndesk;
use crate::ferndesk::token::Identity;

/// A page with the widget on it.
pub(super) struct Page<'a> {
    ferndesk: &'a Ferndesk,
    title: &'a str,
    visitor: Option<&'a Identity>,
    waits_for_visitor: bool,
    body: Markup,
}

impl<'a> Page<'a> {
    pub(super) fn new(
        ferndesk: &'a Ferndesk,
        title: &'a str,
        visitor: Option<&'a Identity>,
        body: Markup,
    ) -> Self {
        Self {
            ferndesk,
            title,
            visitor,
            waits_for_visitor: false,
            body,
        }
    }

    /// Redirects to the articles as soon as the widget has identified the visitor.
    pub(super) fn waiting_for_visitor(mut self) -> Self {
        self.waits_for_visitor = true;
        self
    }

    fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) " · Help center" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="/help.css";
                    (self.script())
                }
                body {
                    header.top {
                        a.brand href="/" { "Help center" }
                        @if let Some(visitor) = self.visitor { (signed_in(visitor)) }
                    }
                    main { h1 { (self.title) } (self.body) }
                    footer { "A stand-in for Ferndesk. Nothing here leaves this machine." }
                }
            }
        }
    }

    fn script(&self) -> Markup {
        let token_url = self.token_url();
        html! {
            script src="/help.js" defer data-widget-id=(self.ferndesk.widget_id())
                data-token-url=(token_url) data-leads-on[self.waits_for_visitor] {}
        }
    }

    fn token_url(&self) -> String {
        format!("{}/api/ferndesk-token", self.ferndesk.login_origin())
    }

    fn rules(&self) -> String {
        format!(
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' {}; \
             img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
            self.token_url()
        )
    }
}

fn signed_in(visitor: &Identity) -> Markup {
    let name = visitor.name.as_deref().filter(|name| !name.is_empty());
    html! {
        form.visitor method="post" action="/sign-out" {
            span { (name.unwrap_or(&visitor.email)) }
            button type="submit" { "Sign out" }
        }
    }
}

impl IntoResponse for Page<'_> {
    fn into_response(self) -> Response {
        let headers = [
            (REFERRER_POLICY, "no-referrer"),
            (X_FRAME_OPTIONS, "DENY"),
            (CACHE_CONTROL, "no-store"),
        ];
        let rules = [(CONTENT_SECURITY_POLICY, self.rules())];
        (headers, rules, self.render()).into_response()
    }
}
