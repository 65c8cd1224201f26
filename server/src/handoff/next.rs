//! The parameter `next`: where to go after signing in or out.

use url::Url;

use crate::config::Origin;

/// The maximum length of a URL in bytes; none of our pages needs more.
const MAX_URL: usize = 2000;

/// The pages of the login that a request may name. A list of exact paths, because checks of prefixes or
/// characters tend to miss a spelling that browsers resolve to another site.
const PAGES: [&str; 2] = ["/account", "/admin/visitors"];

/// A page of the login that a request may name as its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NextPath(&'static str);

impl NextPath {
    /// The page with exactly this path.
    pub fn parse(text: &str) -> Option<Self> {
        PAGES
            .iter()
            .find(|page| **page == text)
            .map(|page| Self(page))
    }

    /// The default target.
    pub fn account() -> Self {
        Self("/account")
    }

    /// The path, safe to use in a `Location` header.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// Parses an absolute URL on `origin`, and returns it in normalized form. `None` for any other URL.
///
/// It is parsed by the standard that browsers follow (WHATWG URL) and serialized again, so that browsers
/// resolve it to the origin that was checked.
pub fn url_on_origin(origin: &Origin, text: &str) -> Option<String> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_URL)?;
    let is_theirs = url.origin().ascii_serialization() == origin.as_str();
    let is_http = matches!(url.scheme(), "http" | "https");
    let is_plain = is_http && url.username().is_empty() && url.password().is_none();
    (is_theirs && is_plain).then(|| url.into())
}

#[cfg(test)]
mod tests;
