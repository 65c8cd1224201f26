//! `Retry-After` (RFC 9110, section 10.2.3).

use http::{HeaderMap, HeaderValue, header::RETRY_AFTER};

/// Sets `Retry-After`: the seconds that the client should wait before its next request.
pub fn set_retry_after(headers: &mut HeaderMap, seconds: u64) {
    headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
}
