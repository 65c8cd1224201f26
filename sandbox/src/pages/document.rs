//! The HTML document around every page, and the headers that keep it harmless.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::services::SECTIONS;

/// Pages show what strangers sent (mails, names), so nothing inline may run or style them.
const CONTENT_SECURITY_RULES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; \
     form-action 'self'";

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
    is_dialog: bool,
    form_targets: String,
}

impl Document {
    pub(crate) fn new(title: impl Into<String>, section: Section, body: Markup) -> Self {
        Self {
            title: title.into(),
            section,
            body,
            script: None,
            is_dialog: false,
            form_targets: String::new(),
        }
    }

    /// Shows the page to a visitor of another site: narrow, and without ways to leave it.
    pub(crate) fn dialog(mut self) -> Self {
        self.is_dialog = true;
        self
    }

    /// Lets the page's forms lead to another origin. Chromium asks this of redirects, too.
    pub(crate) fn with_form_target(mut self, origin: &str) -> Self {
        self.form_targets.push(' ');
        self.form_targets.push_str(origin);
        self
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
                body.dialog[self.is_dialog] {
                    a.skip href="#content" { "Skip to content" }
                    header.top { (self.brand()) @if !self.is_dialog { (navigation(self.section)) } }
                    main #content { h1 { (self.title) } (self.body) }
                    footer.bottom {
                        p { "A stand-in for real vendors. Nothing here leaves this machine." }
                    }
                }
            }
        }
    }

    fn brand(&self) -> Markup {
        let home = (!self.is_dialog).then_some("/");
        html! { a.brand href=[home] { span.brand-mark aria-hidden="true" {} "Latchkey sandbox" } }
    }
}

fn navigation(current: Section) -> Markup {
    let sections = std::iter::once(&Section::OVERVIEW).chain(SECTIONS);
    html! {
        nav aria-label="Sandbox" {
            @for section in sections {
                @let current = (current == *section).then_some("page");
                a href=(section.path) aria-current=[current] { (section.label) }
            }
        }
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let headers = [
            (REFERRER_POLICY, "no-referrer"),
            (X_FRAME_OPTIONS, "DENY"),
            (CACHE_CONTROL, "no-store"),
        ];
        let rules = format!("{CONTENT_SECURITY_RULES}{}", self.form_targets);
        let rules = [(CONTENT_SECURITY_POLICY, rules)];
        (headers, rules, self.render()).into_response()
    }
}
