//! Queries of redirects.

/// Appends a query parameter to a page's URL.
pub fn with_query_param(url: &str, name: &str, word: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{name}={word}")
}
