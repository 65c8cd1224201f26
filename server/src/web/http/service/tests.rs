//! The response when a handler panics.

use axum::{Router, body::Body, http::Request, routing::get};

use super::HttpService;
use crate::{
    config::Source,
    startup::Config,
    web::http::{HostRouters, Hosts, TrustedProxies},
};

#[tokio::test]
async fn a_panic_is_an_internal_error_with_the_security_headers() {
    let demo = [
        ("LATCHKEY_ENV", "demo"),
        ("LATCHKEY_LOGIN_ORIGIN", "http://login.latchkey.localhost"),
        ("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost"),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost"),
        ("MAIL_FROM", "Demo <no-reply@example.com>"),
    ];
    let demo = demo.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let config = Config::from_source(&Source::new(demo)).unwrap().http;
    let panics = async || -> () { panic!("on purpose") };
    let routers = HostRouters {
        hosts: Hosts::new(&config),
        login: Router::new().route("/", get(panics)),
        site: Router::new(),
        loopback: Router::new(),
        unknown: Router::new(),
    };
    let service = HttpService::new(routers, &config, TrustedProxies::new(&[]));
    let request = Request::get("/").header("host", config.login_origin.authority());
    let response = service.respond(request.body(Body::empty()).unwrap()).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    assert_eq!(response.headers()["cache-control"], "no-store");
}
