//! Where to go after signing in, when a request says so.

/// Pages that a request may name. Allowed by meaning, since no check of prefixes or characters has ever
/// seen every spelling that browsers take for another site.
const PAGES: [&str; 1] = ["/account"];

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

#[cfg(test)]
mod tests;
