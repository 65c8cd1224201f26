//! The HTML document around every page, and the headers that keep it harmless.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::services::SECTIONS;

/// Pages show what strangers sent (mails, names), so nothing inline may run or style them.
const CONTENT_SECURITY_RULES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'";

/// A part of the sandbox that pages belong to, as the navigation shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
}

impl Section {
    /// The landing page and whatever belongs to no service.
    pub(crate) const OVERVIEW: Self = Self {
        path: "/",
        label: "Overview",
    };
}

/// A whole page: title, the section it belongs to, and its content.
#[derive(Clone)]
pub(crate) struct Document {
    title: String,
    section: Section,
    body: Markup,
    script: Option<&'static str>,
}

impl Document {
    pub(crate) fn new(title: impl Into<String>, section: Section, body: Markup) -> Self {
        Self {
            title: title.into(),
            section,
            body,
            script: None,
        }
    }

    /// Adds a script of the sandbox's own; the page must work without it.
    pub(crate) fn with_script(mut self, path: &'static str) -> Self {
        self.script = Some(path);
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
                    title { (self.title) " · Latchkey sandbox" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href="/assets/sandbox.css";
                    @if let Some(path) = self.script { script src=(path) defer {} }
                }
                body {
                    a.skip href="#content" { "Skip to content" }
                    header.top { (self.navigation()) }
                    main #content { h1 { (self.title) } (self.body) }
                    footer.bottom {
                        p { "A stand-in for real vendors. Nothing here leaves this machine." }
                    }
                }
            }
        }
    }

    fn navigation(&self) -> Markup {
        let sections = std::iter::once(&Section::OVERVIEW).chain(SECTIONS);
        html! {
            a.brand href="/" { span.brand-mark aria-hidden="true" {} "Latchkey sandbox" }
            nav aria-label="Sandbox" {
                @for section in sections {
                    @let current = (self.section == *section).then_some("page");
                    a href=(section.path) aria-current=[current] { (section.label) }
                }
            }
        }
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_SECURITY_POLICY, CONTENT_SECURITY_RULES),
            (REFERRER_POLICY, "no-referrer"),
            (X_FRAME_OPTIONS, "DENY"),
            (CACHE_CONTROL, "no-store"),
        ];
        (headers, self.render()).into_response()
    }
}
