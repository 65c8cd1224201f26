//! Where to go after signing in, when a request says so.

use url::Url;

use crate::config::Origin;

/// In bytes; no page of ours has a longer URL.
const MAX_URL: usize = 2000;

/// Pages that a request may name. Allowed by meaning, since no check of prefixes or characters has ever
/// seen every spelling that browsers take for another site.
const PAGES: [&str; 2] = ["/account", "/admin/visitors"];

/// A page of the login origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextPath(&'static str);

impl NextPath {
    /// The page that a text names, if it is one.
    pub fn parse(text: &str) -> Option<Self> {
        PAGES
            .iter()
            .find(|page| **page == text)
            .map(|page| Self(page))
    }

    /// Where to go when nothing was asked for.
    pub fn account() -> Self {
        Self("/account")
    }

    /// The path, safe as a `Location`.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// The page of another origin of ours that a text names, written as browsers would write it.
///
/// The text has to be absolute. It is read by the standard that browsers follow and written anew with its origin,
/// so that no spelling means another site to them than to us.
pub fn page_of(origin: &Origin, text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL)?;
    let is_theirs = url.origin().ascii_serialization() == origin.as_str();
    let is_http = matches!(url.scheme(), "http" | "https");
    let is_plain = is_http && url.username().is_empty() && url.password().is_none();
    (is_theirs && is_plain).then(|| url.into())
}

#[cfg(test)]
mod tests;
