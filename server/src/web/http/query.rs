//! Query parameters of URLs.

use std::borrow::Cow;

use url::form_urlencoded;

/// `url` with a parameter added to its query.
pub fn with_query_param(url: &str, name: &str, value: &str) -> String {
    let separator = if url.contains('?') { '&' } else { '?' };
    let pair = form_urlencoded::Serializer::new(String::new())
        .append_pair(name, value)
        .finish();
    format!("{url}{separator}{pair}")
}

/// The value of the first parameter with this name.
pub fn query_param<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find(|(key, _)| key == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_survives_whatever_it_contains() {
        for url in ["/login", "/login?next=%2Faccount"] {
            let url = with_query_param(url, "token", "a&b=c d/é");
            let (_, query) = url.split_once('?').unwrap();
            assert_eq!(query_param(query, "token").unwrap(), "a&b=c d/é");
            assert_eq!(query_param(query, "tok"), None);
        }
    }
}
