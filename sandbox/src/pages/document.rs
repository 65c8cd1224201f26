//! The HTML document around every page, and its security headers.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_FRAME_OPTIONS,
};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use super::navigation::{Navigation, Section};

/// Pages show untrusted content (mails, names), so inline scripts and styles are blocked.
const CONTENT_SECURITY_RULES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; \
     connect-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; \
     form-action 'self'";

/// A whole page: its title, its content and, unless it is a dialog, the navigation.
#[derive(Clone)]
pub(crate) struct Document {
    title: String,
    navigation: Option<(Navigation, Section)>,
    body: Markup,
    script: Option<&'static str>,
    form_targets: String,
    has_frames: bool,
}

impl Document {
    /// A page for visitors whom another site sends: narrow, and without navigation.
    pub(crate) fn dialog(title: impl Into<String>, body: Markup) -> Self {
        Self {
            title: title.into(),
            navigation: None,
            body,
            script: None,
            form_targets: String::new(),
            has_frames: false,
        }
    }

    /// A page that belongs to `section`; made by [`Navigation::document`].
    pub(super) fn with_navigation(mut self, navigation: Navigation, section: Section) -> Self {
        self.navigation = Some((navigation, section));
        self
    }

    /// Lets the page's forms lead to `origin`. Chromium applies `form-action` to redirects, too.
    pub(crate) fn with_form_target(mut self, origin: &str) -> Self {
        self.form_targets.push(' ');
        self.form_targets.push_str(origin);
        self
    }

    /// Lets the page have frames with other pages of the sandbox.
    pub(crate) fn with_frames(mut self) -> Self {
        self.has_frames = true;
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
                body.dialog[self.navigation.is_none()] {
                    a.skip href="#content" { "Skip to content" }
                    header.top {
                        (self.brand())
                        @if let Some((navigation, section)) = &self.navigation { (navigation.render(*section)) }
                    }
                    main #content { h1 { (self.title) } (self.body) }
                    footer.bottom {
                        p { "A stand-in for real vendors. Nothing here leaves this machine." }
                    }
                }
            }
        }
    }

    fn brand(&self) -> Markup {
        let home = self.navigation.is_some().then_some("/");
        html! { a.brand href=[home] { span.brand-mark aria-hidden="true" {} "Latchkey sandbox" } }
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        let headers = [
            (REFERRER_POLICY, "no-referrer"),
            (X_FRAME_OPTIONS, "DENY"),
            (CACHE_CONTROL, "no-store"),
        ];
        let frames = if self.has_frames {
            "; frame-src 'self'"
        } else {
            ""
        };
        let rules = format!("{CONTENT_SECURITY_RULES}{}{frames}", self.form_targets);
        let rules = [(CONTENT_SECURITY_POLICY, rules)];
        (headers, rules, self.render()).into_response()
    }
}
