//! Which origin a request is for. The server answers by host name and knows no other.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header::HOST},
    response::Response,
};
use tower::Service;

use super::headers::Isolation;
use crate::config::HttpConfig;

/// The names this server answers to.
#[derive(Debug)]
pub struct Hosts {
    login: String,
    site: String,
    /// In the demo, plain `localhost` leads to the site.
    loopback: Vec<String>,
}

/// What a host name stands for.
enum Host {
    Login,
    Site,
    /// A bare loopback name of the demo: the visitor is sent to the site.
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

    /// What the host of a request stands for; two `Host` headers stand for nothing.
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

/// The names of this server, and who answers to each.
pub struct HostRouters {
    pub hosts: Hosts,
    pub login: Router,
    pub site: Router,
    pub loopback: Router,
    pub unknown: Router,
}

impl HostRouters {
    /// Sends a request to the router of its host, whose answers are isolated as its pages need.
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

/// 421 for hosts that are not ours (RFC 9110, section 15.5.20).
pub async fn misdirected() -> (StatusCode, &'static str) {
    let answer = "This server does not answer to that host name.\n";
    (StatusCode::MISDIRECTED_REQUEST, answer)
}
