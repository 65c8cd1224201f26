//! Email addresses: which ones are accepted, and the key by which they are compared.

use std::str::FromStr;

use app::model::FieldProblem;
use lettre::Address;
use unicode_normalization::UnicodeNormalization;
use url::Host;

/// An email address that names exactly one mailbox.
///
/// The local part is ASCII and unquoted. The domain has a dot and may be entered in any script; it is kept in
/// its ASCII form. Only letter case is folded: `a+b@x.test` and `ab@x.test` are different addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    address: String,
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
        // Composed (NFC), since `from_parts` accepts letters but no combining marks.
        let text: String = text.nfc().collect();
        Self::from_parts(&text).ok_or(FieldProblem::EmailInvalid)
    }

    /// The address as mail is sent to it.
    pub fn as_str(&self) -> &str {
        &self.address
    }

    /// The key for comparing: two addresses are the same if and only if their keys are equal.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn from_parts(text: &str) -> Option<Self> {
        let (local, domain) = text.split_once('@')?;
        let local_ok = (1..=64).contains(&local.len()) && local.split('.').all(is_atom);
        // The domain parser maps characters that merely look like ASCII, such as full-width ones, to ASCII.
        let domain_ok = domain
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.' || c.is_alphabetic());
        let Ok(Host::Domain(domain)) = Host::parse(domain) else {
            return None;
        };
        let labels_ok =
            domain.contains('.') && domain.split('.').all(is_label) && domain.len() <= 253;
        let address = format!("{local}@{domain}");
        // An address that the mail library rejects must not get an account: no mail could be sent to it.
        let sendable = Address::from_str(&address).is_ok();
        (local_ok && domain_ok && labels_ok && sendable && address.len() <= 254).then(|| Self {
            key: address.to_ascii_lowercase(),
            address,
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
