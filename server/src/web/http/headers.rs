//! Security headers: those of every response, and those that depend on the kind of page.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// How a page stands to the windows that open it or that it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Isolation {
    /// No `Cross-Origin-Opener-Policy`: any severing value, on any page or redirect that the popup passes,
    /// ends `window.opener` for good, also after the popup has gone on to other pages.
    KeepsOpener,
    /// Isolated from its opener; it may open popups itself and receive their messages.
    OpensPopups,
    /// Cut off in both directions.
    Isolated,
}

impl Isolation {
    /// The table of the login origin: the popup passes these pages, and nothing else is one of them.
    pub(super) fn of_login_path(path: &str) -> Self {
        match path {
            "/login" | "/register" | "/forgot-password" | "/continue" | "/switch-account"
            | "/handoff" | "/handoff/code" | "/finish-account" => Self::KeepsOpener,
            _ if path.starts_with("/oauth/") => Self::KeepsOpener,
            _ => Self::Isolated,
        }
    }

    /// Sets `Cross-Origin-Opener-Policy`, on redirects and errors as well.
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

/// What a page may load beside its own origin's files, and where its forms may go.
#[derive(Clone, Debug, Default)]
pub struct ContentPolicy {
    /// Origins of scripts and of what they fetch.
    pub vendors: Vec<String>,
    /// Origins of pictures that are not served over https.
    pub pictures: Vec<String>,
    /// Origins to which a form may post.
    pub form_targets: Vec<String>,
}

impl ContentPolicy {
    /// The same with one more origin to which a form may post.
    pub fn with_form_target(&self, origin: &str) -> Self {
        let mut policy = self.clone();
        if !policy.form_targets.iter().any(|target| target == origin) {
            policy.form_targets.push(origin.to_owned());
        }
        policy
    }

    /// The header for a page whose inline scripts carry `nonce`.
    pub fn header(&self, nonce: &str) -> HeaderValue {
        let vendors = self.vendors.join(" ");
        let pictures = self.pictures.join(" ");
        let targets = self.form_targets.join(" ");
        let policy = format!(
            "default-src 'none'; script-src 'nonce-{nonce}' 'self' 'wasm-unsafe-eval' {vendors}; style-src 'self'; \
             img-src 'self' data: https: {pictures}; connect-src 'self' {vendors}; form-action 'self' {targets}; \
             base-uri 'none'; frame-ancestors 'none'"
        );
        // Origins and nonce are ASCII; should one ever not be, the page gets nothing rather than everything.
        HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
    }
}

/// What every response has, unless the handler has said otherwise.
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
    // Room for all of them at once, since a map that grows moves what it has.
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
