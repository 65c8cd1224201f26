//! What an issuer's document says that does not fit is told when the document is read.

use serde_json::{Value, json};

use super::{begin, issuer::Issuer};
use crate::harness::{Log, TestApp};

const TOLD: &str = "the issuer's document rules out how users sign in here";

/// What is logged when a document with these changes is read for the first time, and again an hour later.
async fn told(settings: &[(&str, &str)], changes: &Value) -> Vec<String> {
    let issuer = Issuer::start().await;
    issuer.discloses(changes);
    let app = TestApp::start_with(&[&issuer.as_sso()[..], settings].concat()).await;
    let log = Log::capture();
    app.state.oauth.prepare().await;
    for _ in 0..2 {
        begin(&app.anonymous(), "/oauth/sso/start").await;
        app.clock.advance(std::time::Duration::from_secs(60 * 60));
    }
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains(TOLD));
    lines.map(str::to_owned).collect()
}

#[tokio::test]
async fn each_misfit_is_told_once_with_what_to_change() {
    for (member, value, change) in [
        (
            "response_types_supported",
            json!(["id_token", "code token"]),
            "response type code",
        ),
        (
            "response_modes_supported",
            json!(["fragment", "form_post"]),
            "response mode query",
        ),
        (
            "grant_types_supported",
            json!(["implicit", "client_credentials"]),
            "grant type authorization_code",
        ),
        (
            "token_endpoint_auth_methods_supported",
            json!(["private_key_jwt", "tls_client_auth", "none"]),
            "client_secret_post",
        ),
        (
            "token_endpoint_auth_methods_supported",
            json!("private_key_jwt"),
            "client_secret_post",
        ),
        (
            "code_challenge_methods_supported",
            json!(["plain"]),
            "OAUTH_SSO_PKCE=off",
        ),
        (
            "require_pushed_authorization_requests",
            json!(true),
            "pushed authorization requests",
        ),
        (
            "require_pushed_authorization_requests",
            json!("true"),
            "pushed authorization requests",
        ),
        (
            "require_signed_request_object",
            json!(true),
            "signed request objects",
        ),
    ] {
        let lines = told(&[], &json!({ member: value })).await;
        assert_eq!(lines.len(), 1, "{member} {value}: {lines:?}");
        let line = &lines[0];
        assert!(
            line.contains("WARN") && line.contains("provider=\"sso\""),
            "{line}"
        );
        assert!(line.contains(&format!("member=\"{member}\"")), "{line}");
        assert!(line.contains(change), "{line}");
    }
}

#[tokio::test]
async fn what_fits_or_is_not_said_is_not_told() {
    let on: &[(&str, &str)] = &[];
    let off: &[(&str, &str)] = &[("OAUTH_SSO_PKCE", "off")];
    for (settings, changes) in [
        (on, json!({})),
        (on, json!({ "response_types_supported": null })),
        (
            on,
            json!({ "response_types_supported": ["code", "id_token"] }),
        ),
        (on, json!({ "response_types_supported": "code" })),
        (on, json!({ "response_types_supported": [7] })),
        (
            on,
            json!({ "response_modes_supported": ["query", "query.jwt"] }),
        ),
        (on, json!({ "grant_types_supported": [] })),
        (
            on,
            json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }),
        ),
        (
            on,
            json!({ "code_challenge_methods_supported": ["plain", "S256"] }),
        ),
        (
            off,
            json!({ "code_challenge_methods_supported": ["plain"] }),
        ),
        (
            on,
            json!({ "require_pushed_authorization_requests": false, "require_signed_request_object": 7 }),
        ),
    ] {
        let lines = told(settings, &changes).await;
        assert!(lines.is_empty(), "{changes}: {lines:?}");
    }
}
