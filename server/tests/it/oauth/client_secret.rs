//! How the client shows its secret: in the header, in the body, or as the operator says.

use serde_json::{Value, json};

use super::{
    assert_no_one,
    issuer::{CLIENT_ID, Issuer},
    problem,
};
use crate::harness::{Log, TestApp};

const JSON: &str = "application/json";
const HTML: &str = "text/html";

/// A secret of which no character but the letters is the same once it is form-encoded.
const SECRET: &str = "a+b/c%d:e=0123456789";

fn user() -> Value {
    json!({ "sub": "ada", "name": "Ada", "email": "ada@example.test", "email_verified": true })
}

/// An issuer whose token endpoint does not decode the header.
async fn strict(methods: &Value) -> Issuer {
    let issuer = Issuer::start().await;
    issuer.discloses(&json!({ "token_endpoint_auth_methods_supported": methods }));
    refuses_header(&issuer, 401, JSON, r#"{"error":"invalid_client"}"#);
    issuer
}

/// Lets the token endpoint answer like this to a secret in the header.
fn refuses_header(issuer: &Issuer, status: u16, kind: &'static str, body: &str) {
    issuer.fake.answer_to_header("/token", status, kind, body);
}

fn settings<'a>(
    issuer: &'a Issuer,
    more: &[(&'static str, &'a str)],
) -> Vec<(&'static str, &'a str)> {
    let own = [
        ("OAUTH_SSO_ISSUER", issuer.fake.url.as_str()),
        ("OAUTH_SSO_CLIENT_ID", CLIENT_ID),
        ("OAUTH_SSO_CLIENT_SECRET", SECRET),
    ];
    [&own[..], more].concat()
}

#[tokio::test]
async fn a_secret_that_is_refused_in_the_header_is_sent_in_the_body() {
    for methods in [
        json!(["client_secret_basic", "client_secret_post"]),
        json!(null),
    ] {
        let issuer = strict(&methods).await;
        let app = TestApp::start_with(&settings(&issuer, &[])).await;
        let log = Log::capture();
        let response = issuer
            .signs_in(&app, &app.anonymous(), "sso", &user())
            .await;
        assert_eq!(response.location(), "/account", "{methods}");
        let asked = issuer.fake.asked("/token");
        let body: Vec<String> = asked
            .iter()
            .map(|asked| asked.field("client_secret"))
            .collect();
        assert_eq!(body, ["", SECRET], "{methods}");
        assert!(asked[1].headers.get("authorization").is_none());
        let text = log.text();
        assert!(
            text.contains("does not read a form-encoded secret"),
            "{text}"
        );
        assert!(!text.contains(SECRET) && !text.contains("a%2Bb"), "{text}");
    }
}

#[tokio::test]
async fn the_body_is_not_tried_where_it_is_not_allowed_or_another_error_came() {
    let issuer = strict(&json!(["client_secret_basic"])).await;
    let app = TestApp::start_with(&settings(&issuer, &[])).await;
    let browser = app.anonymous();
    let response = issuer.signs_in(&app, &browser, "sso", &user()).await;
    assert_eq!(problem(&response), "provider-misconfigured");
    assert_no_one(&app, &browser, "a refused client").await;
    assert_eq!(issuer.fake.asked("/token").len(), 1);

    let issuer = strict(&json!(null)).await;
    let app = TestApp::start_with(&settings(&issuer, &[])).await;
    for (status, kind, body, word) in [
        (400, JSON, r#"{"error":"invalid_grant"}"#, "provider-failed"),
        (401, JSON, r#"{"error":"invalid_grant"}"#, "provider-failed"),
        (400, JSON, r#"{"error":"Bad Request"}"#, "provider-failed"),
        (400, HTML, "<h1>no</h1>", "provider-misconfigured"),
        (403, HTML, "<h1>no</h1>", "provider-misconfigured"),
        (404, HTML, "", "provider-misconfigured"),
        (503, HTML, "<h1>later</h1>", "provider-unavailable"),
    ] {
        refuses_header(&issuer, status, kind, body);
        let before = issuer.fake.asked("/token").len();
        let response = issuer
            .signs_in(&app, &app.anonymous(), "sso", &user())
            .await;
        assert_eq!(problem(&response), word, "{status} {body}");
        let asked = issuer.fake.asked("/token").len() - before;
        assert_eq!(asked, 1, "{status} {body}: a code is not sent twice");
    }
}

#[tokio::test]
async fn a_client_is_unknown_whatever_is_written_beside_the_status() {
    let issuer = strict(&json!(null)).await;
    let app = TestApp::start_with(&settings(&issuer, &[])).await;
    for (status, kind, body) in [
        (401, HTML, "<h1>401 Authorization Required</h1>"),
        (401, "text/plain", ""),
        (401, JSON, "{}"),
        (401, JSON, r#"{"error":{"code":401}}"#),
        (401, JSON, r#"{"status":401,"error":"Unauthorized"}"#),
        (401, JSON, r#"{"error":"access_denied"}"#),
        (400, JSON, r#"{"error":"invalid_client"}"#),
        (400, "text/html", r#"{"error":"unauthorized_client"}"#),
        (200, JSON, r#"{"error":"invalid_client"}"#),
    ] {
        refuses_header(&issuer, status, kind, body);
        let response = issuer
            .signs_in(&app, &app.anonymous(), "sso", &user())
            .await;
        assert_eq!(response.location(), "/account", "{status} {body}");
        let sent = issuer.fake.asked("/token");
        let sent = sent.last().unwrap().field("client_secret");
        assert_eq!(sent, SECRET, "{status} {body}");
    }
}

#[tokio::test]
async fn the_operator_decides_where_the_secret_goes() {
    for (auth, in_header, end) in [
        ("post", false, "303 /account"),
        ("basic", true, "provider-misconfigured"),
    ] {
        let issuer = strict(&json!(["client_secret_basic", "client_secret_post"])).await;
        let app = TestApp::start_with(&settings(&issuer, &[("OAUTH_SSO_AUTH", auth)])).await;
        let response = issuer
            .signs_in(&app, &app.anonymous(), "sso", &user())
            .await;
        assert_eq!(problem(&response), end, "{auth}");
        let asked = issuer.fake.asked("/token");
        assert_eq!(asked.len(), 1, "{auth}");
        assert_eq!(
            asked[0].headers.contains_key("authorization"),
            in_header,
            "{auth}"
        );
    }
}
