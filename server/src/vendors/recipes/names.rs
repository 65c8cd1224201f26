//! Names that recipes declare, and names of variables.

use super::document::Node;

/// The name of a setting, parameter, time or code.
pub(super) fn declared_name(name: &str, node: &Node<'_>) -> Option<String> {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    match !name.is_empty() && name.len() <= 40 && name.bytes().all(is_name) {
        true => Some(name.to_owned()),
        false => node.wrong("must be called by lower-case letters, digits and _"),
    }
}

/// Beginnings of variables that are this server's own: a recipe must not be able to give them away.
const OWN: [&str; 7] = [
    "LATCHKEY_",
    "DATABASE_",
    "OAUTH_",
    "SMTP_",
    "MAIL_",
    "SSL_",
    "SANDBOX_",
];

/// The name of an environment variable.
pub(super) fn variable(node: &Node<'_>) -> Option<String> {
    let name = node.text()?;
    let is_upper = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = name.starts_with(|first: char| first.is_ascii_uppercase());
    if !starts || !name.bytes().all(is_upper) || !name.contains('_') || name.ends_with("_FILE") {
        return node.wrong(
            "must be the name of a variable such as ACME_SECRET, of capital letters, digits and _; a secret may then also be in the file that ACME_SECRET_FILE names",
        );
    }
    match OWN.iter().find(|own| name.starts_with(**own)) {
        Some(own) => node.wrong(&format!(
            "must not begin with {own}: those are this server's own"
        )),
        None => Some(name),
    }
}
