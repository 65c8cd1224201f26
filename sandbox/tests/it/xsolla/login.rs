//! `POST /login`, as the vendor's browser SDK calls it.

use reqwest::Method;
use sandbox::xsolla::{Failure, SettingsChange};
use serde_json::{Value, json};

use super::client::{
    CALLBACK, DANA, Fields, PASSWORD, SITE_PAGE, exchange, jwt_request, oauth_request, query,
    refusal, with,
};
use super::verifier;
use crate::harness::{Reply, Sandbox};

const SITE: &str = "http://www.latchkey.localhost:3000";

#[tokio::test]
async fn a_password_is_exchanged_for_the_callback_with_the_token() {
    let sandbox = Sandbox::start().await;
    let wanted = with(
        jwt_request(),
        &[
            ("login_url", SITE_PAGE),
            ("with_logout", "1"),
            ("locale", "en_US"),
        ],
    );
    for username in ["dana", "demo@latchkey.localhost"] {
        let body = json!({ "username": username, "password": PASSWORD, "remember_me": false });
        let request = sandbox.xsolla_login(&wanted).json(&body);
        let reply = Reply::of(request.header("x-request-id", "1")).await;
        assert_eq!(
            (reply.status, reply.header("cache-control")),
            (200, "no-store")
        );
        let response = reply.json();
        let address = response["login_url"].as_str().unwrap();
        assert!(
            address.starts_with(&format!("{SITE_PAGE}?token=")),
            "{address}"
        );
        let claims = verifier::json(&query(address)["token"], 1);
        assert_eq!(
            (&claims["sub"], &claims["payload"]),
            (&json!(DANA.sub), &json!("a state of the host"))
        );
    }
}

/// What the vendor's SDK sends with all four parameters of OAuth 2.0; it makes no PKCE.
fn code_request() -> Fields {
    let no_pkce = [("code_challenge", ""), ("code_challenge_method", "")];
    with(oauth_request(), &no_pkce)
}

#[tokio::test]
async fn with_oauth_a_password_is_exchanged_for_the_callback_with_a_code() {
    let sandbox = Sandbox::start().await;
    let reply = Reply::of(sandbox.xsolla_login_at("oauth2/login", &code_request())).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    let response = reply.json();
    let address = response["login_url"].as_str().unwrap();
    assert!(
        address.starts_with(&format!("{CALLBACK}?code=")),
        "{address}"
    );
    let returned = query(address);
    assert_eq!(returned["state"], code_request()["state"]);
    let form = with(exchange(&returned["code"]), &[("code_verifier", "")]);
    let tokens = sandbox.xsolla_exchange(&form).await.json();
    let claims = verifier::json(tokens["access_token"].as_str().unwrap(), 1);
    assert_eq!(claims["sub"], DANA.sub);
}

#[tokio::test]
async fn oauth_parameters_count_only_where_oauth_is_spoken() {
    let sandbox = Sandbox::start().await;
    for (name, value, expected) in [
        ("projectId", "", (404, "003-061")),
        ("redirect_uri", "", (422, "010-011")),
        ("redirect_uri", "https://evil.test/", (422, "010-012")),
        ("client_id", "", (422, "0")),
        ("client_id", "1002", (422, "0")),
        ("response_type", "", (422, "0")),
        ("response_type", "token", (422, "0")),
        ("state", "", (422, "0")),
    ] {
        let wrong = with(code_request(), &[(name, value)]);
        let found = refusal(&Reply::of(sandbox.xsolla_login_at("oauth2/login", &wrong)).await);
        assert_eq!(found, (expected.0, expected.1.to_owned()), "{name}={value}");
    }
    let all: Vec<(String, String)> = code_request().into_iter().collect();
    let all: Vec<(&str, &str)> = all.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let reply = Reply::of(sandbox.xsolla_login(&with(jwt_request(), &all))).await;
    let response = reply.json();
    let address = response["login_url"].as_str().unwrap();
    assert!(
        address.starts_with(&format!("{CALLBACK}?token=")),
        "{address}"
    );
}

#[tokio::test]
async fn a_wrong_request_is_refused_with_the_vendors_code() {
    let sandbox = Sandbox::start().await;
    let slash = format!("{CALLBACK}/");
    let more = format!("{CALLBACK}?x=1");
    for (name, value, expected) in [
        ("projectId", "", (404, "003-061")),
        ("projectId", "another", (404, "003-061")),
        ("login_url", "", (422, "010-011")),
        ("login_url", "https://evil.test/", (422, "010-012")),
        ("login_url", &slash, (422, "010-012")),
        ("login_url", &more, (422, "010-012")),
    ] {
        let request = sandbox.xsolla_login(&with(jwt_request(), &[(name, value)]));
        let found = refusal(&Reply::of(request).await);
        assert_eq!(found, (expected.0, expected.1.to_owned()), "{name}={value}");
    }
    for (body, expected) in [
        (
            json!({ "username": "dana", "password": "wrong" }),
            (401, "003-001"),
        ),
        (
            json!({ "username": "unknown", "password": PASSWORD }),
            (401, "003-001"),
        ),
        (
            json!({ "username": "Sasha Social", "password": PASSWORD }),
            (401, "003-001"),
        ),
        (json!({ "username": "dana" }), (400, "0")),
        (json!({ "username": "dana", "password": 7 }), (400, "0")),
        (json!([]), (400, "0")),
    ] {
        let request = sandbox.xsolla_login(&jwt_request()).json(&body);
        let found = refusal(&Reply::of(request).await);
        assert_eq!(found, (expected.0, expected.1.to_owned()), "{body}");
    }
}

#[tokio::test]
async fn a_browser_may_ask_from_any_site_with_credentials() {
    let sandbox = Sandbox::start().await;
    for (endpoint, query) in [("login", jwt_request()), ("oauth2/login", code_request())] {
        let preflight = sandbox
            .request(Method::OPTIONS, &format!("/xsolla/api/{endpoint}"))
            .header("origin", SITE)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,x-request-id",
            );
        let allowed = Reply::of(preflight).await;
        assert_eq!(
            allowed.header("access-control-allow-headers"),
            "content-type,x-request-id"
        );
        // With credentials, browsers take `*` for the name of a method.
        assert_eq!(allowed.header("access-control-allow-methods"), "POST");
        let good = sandbox.xsolla_login_at(endpoint, &query);
        let good = Reply::of(good.header("origin", SITE)).await;
        let bad = sandbox.xsolla_login_at(endpoint, &query).json(&json!({}));
        let bad = Reply::of(bad.header("origin", SITE)).await;
        for reply in [allowed, good, bad] {
            assert_eq!(reply.header("access-control-allow-origin"), SITE);
            assert_eq!(reply.header("access-control-allow-credentials"), "true");
            assert!(reply.header("vary").contains("origin"));
        }
    }
}

#[tokio::test]
async fn each_failure_is_what_its_name_says() {
    let sandbox = Sandbox::start().await;
    for &(failure, code, _) in Failure::ALL {
        sandbox.running.xsolla().change(SettingsChange {
            api: Some(failure),
            slow_milliseconds: Some(80),
            ..SettingsChange::default()
        });
        let begin = std::time::Instant::now();
        let reply = Reply::of(sandbox.xsolla_login(&jwt_request())).await;
        let body = serde_json::from_str::<Value>(&reply.body).ok();
        let has_address = body
            .as_ref()
            .is_some_and(|body| body["login_url"].is_string());
        match failure {
            Failure::None => assert!(has_address),
            Failure::Slow => assert!(has_address && begin.elapsed().as_millis() >= 80),
            Failure::Unavailable => assert_eq!(reply.status, 503),
            Failure::Malformed => assert_eq!((reply.status, body), (200, None)),
            Failure::Huge => assert!(reply.body.len() > 30_000_000 && body.is_some()),
            Failure::Empty => assert_eq!(body, Some(json!({})), "{code}"),
        }
    }
}
