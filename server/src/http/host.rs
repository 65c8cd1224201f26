//! Which origin a request is for. The server answers by host name and knows no other.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::Request,
    http::{StatusCode, header::HOST, uri::Authority},
    response::{IntoResponse, Redirect, Response},
};
use tower::ServiceExt;

use super::headers::Isolation;
use crate::config::HttpConfig;

/// The names this server answers to.
#[derive(Clone, Debug)]
pub struct Hosts(Arc<Names>);

#[derive(Debug)]
struct Names {
    login: String,
    site: String,
    site_url: String,
    /// In the demo, plain `localhost` leads to the site.
    loopback: Vec<String>,
}

/// What a host name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
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
        Self(Arc::new(Names {
            login: config.login_origin.authority().to_owned(),
            site: config.site_origin.authority().to_owned(),
            site_url: config.site_origin.url("/"),
            loopback: loopback.map(|name| format!("{name}:{port}")).collect(),
        }))
    }

    /// What the host of a request stands for; two `Host` headers stand for nothing.
    pub fn of(&self, request: &Request) -> Host {
        let mut headers = request.headers().get_all(HOST).iter();
        let named = match (request.uri().authority(), headers.next(), headers.next()) {
            (_, _, Some(_)) => None,
            (Some(authority), header, None) => {
                let agrees =
                    header.is_none_or(|header| header.as_bytes() == authority.as_str().as_bytes());
                Some(authority.clone()).filter(|_| agrees)
            }
            (None, Some(header), None) => Authority::try_from(header.as_bytes()).ok(),
            (None, None, None) => None,
        };
        let Some(named) = named.filter(|named| !named.as_str().contains('@')) else {
            return Host::Unknown;
        };
        let named = named.as_str().to_ascii_lowercase();
        if named == self.0.login {
            Host::Login
        } else if named == self.0.site {
            Host::Site
        } else if self.0.loopback.contains(&named) {
            Host::Loopback
        } else {
            Host::Unknown
        }
    }
}

/// Sends each request to the router of its host, whose answers are isolated as its pages need; 421 for hosts that are
/// not ours (RFC 9110, section 15.5.20).
pub async fn dispatch(
    hosts: Hosts,
    login: Router,
    site: Router,
    request: Request<Body>,
) -> Result<Response, Infallible> {
    let (router, isolation) = match hosts.of(&request) {
        Host::Login => (login, Isolation::of_login_path(request.uri().path())),
        Host::Site => (site, Isolation::OpensPopups),
        Host::Loopback => return Ok(Redirect::to(&hosts.0.site_url).into_response()),
        Host::Unknown => {
            let answer = "This server does not answer to that host name.\n";
            return Ok((StatusCode::MISDIRECTED_REQUEST, answer).into_response());
        }
    };
    let mut response = router.oneshot(request).await?;
    isolation.set(response.headers_mut());
    Ok(response)
}
