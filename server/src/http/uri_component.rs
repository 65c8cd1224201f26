//! Percent-encoding as scripts do it.

use std::fmt::Display;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A text as JavaScript's `encodeURIComponent` encodes it.
pub fn encode_uri_component(text: &str) -> impl Display {
    utf8_percent_encode(text, ENCODED)
}
