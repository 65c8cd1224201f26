//! Web origins in the configuration and of chat boxes: exact, canonical, and https unless the host is
//! loopback.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// A web origin in canonical form (`https://www.example.com`, port only if not the default).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    url: Url,
    text: String,
}

/// Why a string is not an acceptable origin. The message completes the sentence "NAME must …".
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OriginError {
    #[error("be an origin such as https://www.example.com, without user, path, query or fragment")]
    NotAnOrigin,
    #[error("use https, since only loopback hosts may use http")]
    Insecure,
}

impl Origin {
    /// The origin as browsers write it in `Origin` headers and `event.origin`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host without port.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// The host as browsers send it: with the port unless it is the scheme's default.
    pub fn authority(&self) -> &str {
        self.text.split_once("://").map_or("", |(_, rest)| rest)
    }

    /// Whether the origin is served over TLS.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The origin as a URL with the path `/`.
    pub fn to_url(&self) -> Url {
        self.url.clone()
    }

    /// An absolute URL below this origin; `path` begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.text)
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| OriginError::NotAnOrigin)?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        let anonymous = url.username().is_empty() && url.password().is_none();
        let written_without_path = !text.ends_with('/') && !text.contains(['*', '\\', '?', '#']);
        if !(bare && anonymous && written_without_path && matches!(url.scheme(), "http" | "https"))
        {
            return Err(OriginError::NotAnOrigin);
        }
        if url.host_str().is_none_or(|host| host.ends_with('.')) {
            return Err(OriginError::NotAnOrigin);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(OriginError::Insecure);
        }
        let text = url.origin().ascii_serialization();
        Ok(Self { url, text })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Whether a URL's host is this machine: `localhost`, a name below it (RFC 6761, section 6.3), or a loopback
/// address.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests;
