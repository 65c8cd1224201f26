//! Security headers: those of every response, and those that depend on the page.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The `Cross-Origin-Opener-Policy` of a page: whether it is severed from its opener and from its popups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isolation {
    /// No `Cross-Origin-Opener-Policy`, for pages and redirects in the popup. A severing value on any one of
    /// them would end `window.opener` for good, even after the popup has navigated to other pages.
    KeepsOpener,
    /// `same-origin-allow-popups`: severed from its opener, but not from the popups that it opens.
    OpensPopups,
    /// `same-origin`: severed from its opener and its popups.
    Isolated,
}

/// Every page of the login that can appear in the popup, apart from those below `/oauth/`.
pub const POPUP_PATHS: [&str; 11] = [
    "/login",
    "/signed-in",
    "/register",
    "/check-mail",
    "/forgot-password",
    "/continue",
    "/switch-account",
    "/handoff",
    "/handoff/code",
    "/finish-account",
    "/connect",
];

impl Isolation {
    /// The isolation of a page of the login.
    pub(super) fn of_login_path(path: &str) -> Self {
        match path {
            _ if POPUP_PATHS.contains(&path) => Self::KeepsOpener,
            _ if path.starts_with("/oauth/") => Self::KeepsOpener,
            _ => Self::Isolated,
        }
    }

    /// Sets the header. It must also be set on redirects and errors.
    pub(super) fn set(self, headers: &mut HeaderMap) {
        const OPENS_POPUPS: HeaderValue = HeaderValue::from_static("same-origin-allow-popups");
        const ISOLATED: HeaderValue = HeaderValue::from_static("same-origin");
        let value = match self {
            Self::KeepsOpener => return,
            Self::OpensPopups => OPENS_POPUPS,
            Self::Isolated => ISOLATED,
        };
        headers.insert(COOP, value);
    }
}

/// What a page may load in addition to its own origin's files, and where its forms may be sent.
#[derive(Clone, Debug, Default)]
pub struct ContentPolicy {
    /// Origins of scripts and of what scripts fetch.
    pub vendors: Vec<String>,
    /// Origins of images without https. All https origins are allowed.
    pub image_origins: Vec<String>,
    /// Origins to which a form may post.
    pub form_targets: Vec<String>,
}

impl ContentPolicy {
    /// The `Content-Security-Policy` of a page whose inline scripts have this nonce.
    pub fn header(&self, nonce: &str) -> HeaderValue {
        let vendors = self.vendors.join(" ");
        let image_origins = self.image_origins.join(" ");
        let targets = self.form_targets.join(" ");
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval' {vendors}; style-src 'self'; \
             img-src 'self' data: https: {image_origins}; connect-src 'self' {vendors}; form-action 'self' {targets}; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        // Origins and nonces are always ASCII. If one ever isn't, block everything rather than nothing.
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// The headers of every response, unless the handler has set its own value.
const DEFAULTS: [(HeaderName, HeaderValue); 7] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("strict-origin-when-cross-origin"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (CORP, HeaderValue::from_static("same-origin")),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
    ),
    (
        PERMISSIONS_POLICY,
        HeaderValue::from_static(
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
];

const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Sets [`DEFAULTS`], and over TLS `Strict-Transport-Security`.
pub(super) fn set_defaults(headers: &mut HeaderMap, tls: bool) {
    // Reserved at once, since a map moves its entries whenever it grows.
    headers.reserve(DEFAULTS.len() + 1);
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    if tls {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HSTS);
    }
}
