//! Routes requests by host name: to the login, to the site, or nowhere.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::HOST},
    response::Response,
};
use tower::Service;

use super::headers::Isolation;
use crate::config::HttpConfig;

/// The hosts that this server serves, each as `host` or `host:port`.
#[derive(Debug)]
pub struct Hosts {
    login: String,
    site: String,
    /// Loopback hosts, outside production only.
    loopback: Vec<String>,
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
            login: config.login_origin.authority().to_owned(),
            site: config.site_origin.authority().to_owned(),
            loopback: loopback.map(|name| format!("{name}:{port}")).collect(),
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
        let is = |name: &String| named.eq_ignore_ascii_case(name.as_bytes());
        if is(&self.login) {
            Host::Login
        } else if is(&self.site) {
            Host::Site
        } else if self.loopback.iter().any(is) {
            Host::Loopback
        } else {
            Host::Unknown
        }
    }
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
    let answer = "This server does not answer to that host name.\n";
    (StatusCode::MISDIRECTED_REQUEST, answer)
}
