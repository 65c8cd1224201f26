//! Routes requests by host name: to the login, to the site, or nowhere.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::HOST},
    response::Response,
};
use tower::Service;

use super::headers::Isolation;
use crate::config::{HttpConfig, Origin};

/// How many unknown host names are logged.
const MAX_LOGGED: usize = 10;

/// The hosts that this server serves, each as `host` or `host:port`.
#[derive(Debug)]
pub struct Hosts {
    login: Vec<String>,
    site: Vec<String>,
    /// Loopback hosts, outside production only.
    loopback: Vec<String>,
    /// Unknown hosts that were logged.
    logged: Mutex<BTreeSet<Vec<u8>>>,
}

/// What a request's host name refers to.
enum Host {
    Login,
    Site,
    /// A loopback host such as `localhost`, which redirects to the site.
    Loopback,
    Unknown,
}

impl Hosts {
    pub fn new(config: &HttpConfig) -> Self {
        let port = config.addr.port();
        let loopback = ["localhost", "127.0.0.1", "[::1]"];
        let loopback = loopback.iter().filter(|_| !config.is_production());
        Self {
            login: spellings(&config.login_origin),
            site: spellings(&config.site_origin),
            loopback: loopback.map(|name| format!("{name}:{port}")).collect(),
            logged: Mutex::default(),
        }
    }

    /// The host of a request. Ambiguous ones, such as two `Host` headers, are [`Host::Unknown`].
    fn of(&self, request: &Request<Body>) -> Host {
        let mut headers = request.headers().get_all(HOST).iter();
        let authority = request.uri().authority();
        let authority = authority.map(|name| name.as_str().as_bytes());
        let named = match (authority, headers.next(), headers.next()) {
            (Some(authority), None, None) => authority,
            (Some(authority), Some(header), None) if header == authority => authority,
            (None, Some(header), None) => header.as_bytes(),
            _ => return Host::Unknown,
        };
        let is_one_of = |names: &[String]| {
            let mut names = names.iter();
            names.any(|name| named.eq_ignore_ascii_case(name.as_bytes()))
        };
        if is_one_of(&self.login) {
            Host::Login
        } else if is_one_of(&self.site) {
            Host::Site
        } else if is_one_of(&self.loopback) {
            Host::Loopback
        } else {
            self.log(named);
            Host::Unknown
        }
    }

    /// Logs an unknown host once, since a proxy that sends the wrong name makes every request fail.
    fn log(&self, host: &[u8]) {
        let mut logged = self.logged.lock().unwrap_or_else(PoisonError::into_inner);
        if logged.len() < MAX_LOGGED && logged.insert(host.to_vec()) {
            let host = String::from_utf8_lossy(host);
            let host: String = host.chars().take(100).collect();
            tracing::warn!(?host, "a request for an unknown host name was rejected");
        }
    }
}

/// How clients write an origin's host: with the scheme's default port or without it.
fn spellings(origin: &Origin) -> Vec<String> {
    let authority = origin.authority().to_owned();
    let url = origin.to_url();
    let explicit = match (url.port(), url.port_or_known_default()) {
        (None, Some(port)) => Some(format!("{authority}:{port}")),
        _ => None,
    };
    [Some(authority), explicit].into_iter().flatten().collect()
}

/// The hosts of this server, and the router for each.
pub struct HostRouters {
    pub hosts: Hosts,
    pub login: Router,
    pub site: Router,
    pub loopback: Router,
    pub unknown: Router,
}

impl HostRouters {
    /// Passes a request to the router for its host, and sets the [`Isolation`] of the response.
    pub(super) async fn dispatch(&self, request: Request<Body>) -> Response {
        let (router, isolation) = match self.hosts.of(&request) {
            Host::Login => (&self.login, Isolation::of_login_path(request.uri().path())),
            Host::Site => (&self.site, Isolation::OpensPopups),
            Host::Loopback => (&self.loopback, Isolation::Isolated),
            Host::Unknown => (&self.unknown, Isolation::Isolated),
        };
        let Ok(mut response) = router.clone().call(request).await;
        isolation.set(response.headers_mut());
        response
    }
}

/// 421 for unknown hosts (RFC 9110, section 15.5.20).
pub async fn misdirected() -> (StatusCode, &'static str) {
    let text = "This server does not answer to that host name.\n";
    (StatusCode::MISDIRECTED_REQUEST, text)
}
