//! The sections of the sandbox, and the navigation at the top of every page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use maud::{Markup, html};

use super::document::Document;

/// A part of the sandbox that pages belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) path: &'static str,
    pub(crate) label: &'static str,
}

impl Section {
    /// The landing page and every page that belongs to no service.
    pub(crate) const OVERVIEW: Self = Self {
        path: "/",
        label: "Overview",
    };
}

/// The sections of all services. Handlers get it as an extractor; the router adds it to each request.
#[derive(Clone, Default)]
pub(crate) struct Navigation(Arc<[Section]>);

impl Navigation {
    /// A page that belongs to `section`.
    pub(crate) fn document(
        &self,
        title: impl Into<String>,
        section: Section,
        body: Markup,
    ) -> Document {
        Document::dialog(title, body).with_navigation(self.clone(), section)
    }

    /// Links to all sections, with `current` marked.
    pub(super) fn render(&self, current: Section) -> Markup {
        html! {
            nav aria-label="Sandbox" {
                @for section in std::iter::once(&Section::OVERVIEW).chain(&*self.0) {
                    @let current = (current == *section).then_some("page");
                    a href=(section.path) aria-current=[current] { (section.label) }
                }
            }
        }
    }
}

impl FromIterator<Section> for Navigation {
    fn from_iter<I: IntoIterator<Item = Section>>(sections: I) -> Self {
        Self(sections.into_iter().collect())
    }
}

impl<S: Sync> FromRequestParts<S> for Navigation {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}
