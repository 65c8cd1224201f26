//! Mail addresses: what is accepted, and the one form in which they are compared.

use std::str::FromStr;

use app::model::FieldProblem;
use lettre::Address;
use unicode_normalization::UnicodeNormalization;
use url::Host;

/// An address that exactly one mailbox can be meant by.
///
/// The local part is ASCII and unquoted, the domain has a dot and may be written in any script; it is kept in its
/// ASCII form. Nothing is folded but letter case: `a+b@x.test` and `ab@x.test` are two people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    written: String,
    key: String,
}

impl Email {
    /// Parses user input.
    ///
    /// # Errors
    /// [`FieldProblem::Missing`] or [`FieldProblem::EmailInvalid`].
    pub fn parse(text: &str) -> Result<Self, FieldProblem> {
        let text = text.trim_matches([' ', '\t', '\n', '\r']);
        if text.is_empty() {
            return Err(FieldProblem::Missing);
        }
        // Composed, so that letters with marks are letters below.
        let text: String = text.nfc().collect();
        Self::from_parts(&text).ok_or(FieldProblem::EmailInvalid)
    }

    /// The address as mail is sent to it.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The form for comparing: two addresses are the same if and only if their keys are.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn from_parts(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let local_ok = (1..=64).contains(&local.len()) && local.split('.').all(is_atom);
        // Letters that merely look like ASCII (`＠`, `．`) would be folded into it by the domain parser.
        let domain_ok = domain
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c.is_alphabetic());
        let Ok(Host::Domain(domain)) = Host::parse(domain) else {
            return None;
        };
        let labels_ok =
            domain.contains('.') && domain.split('.').all(is_label) && domain.len() <= 253;
        let written = format!("{local}@{domain}");
        // The mail library has the last word: what it would not send to must not become an account.
        let sendable = Address::from_str(&written).is_ok();
        (local_ok && domain_ok && labels_ok && sendable && written.len() <= 254).then(|| Self {
            key: written.to_ascii_lowercase(),
            written,
        })
    }
}

/// An atom of RFC 5322, section 3.2.3.
fn is_atom(text: &str) -> bool {
    let is_atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    !text.is_empty() && text.chars().all(is_atext)
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests;
