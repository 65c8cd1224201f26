//! Why a sign-in fails: what the visitor's page says, and what the operator's log says.

use serde_json::json;

use super::{assert_no_one, begin, fake::Fake, issuer::Issuer, problem, query};
use crate::harness::{Log, TestApp};

/// The line of the log about the sign-in that failed.
fn line(log: &Log) -> String {
    let text = log.text();
    let mut lines = text
        .lines()
        .filter(|line| line.contains("WARN") && line.contains("provider=\"sso\""));
    lines.next_back().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn each_code_of_the_provider_has_its_page_and_is_in_the_log() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (response, word, said) in [
        ("error=access_denied", "provider-denied", "access_denied"),
        ("error=login_required", "provider-denied", "login_required"),
        (
            "error=temporarily_unavailable",
            "provider-unavailable",
            "temporarily_unavailable",
        ),
        (
            "error=temporarily_unavailable&error_description=authentication_expired",
            "provider-expired",
            "temporarily_unavailable",
        ),
        ("error=server_error", "provider-unavailable", "server_error"),
        (
            "error=invalid_scope&error_description=profile",
            "provider-misconfigured",
            "invalid_scope",
        ),
        (
            "error=invalid_request&error_description=PKCE",
            "provider-misconfigured",
            "invalid_request",
        ),
        (
            "error=unauthorized_client",
            "provider-misconfigured",
            "unauthorized_client",
        ),
        (
            "error=unsupported_response_type",
            "provider-misconfigured",
            "unsupported_response_type",
        ),
        (
            "error=something.else-7",
            "provider-failed",
            "reports something.else-7",
        ),
        ("error=", "provider-failed", "reports "),
        (
            "error=%1b[31mred%0aWARN",
            "provider-failed",
            "reports 31mredWARN",
        ),
    ] {
        let log = Log::capture();
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let state = query(&url, "state");
        let back = format!("/oauth/sso/callback?state={state}&{response}");
        let answered = browser.get(&back).await;
        assert_eq!(problem(&answered), word, "{response}");
        let page = browser.get(answered.location()).await.body;
        assert!(page.contains("role=\"alert\""), "{response}");
        assert_eq!(
            page.contains("in a minute"),
            word == "provider-unavailable",
            "{response}"
        );
        let line = line(&log);
        assert!(line.contains(said), "{response}: {line}");
        assert!(
            !line.contains("profile") && !line.contains("PKCE"),
            "{line}"
        );
        assert_no_one(&app, &browser, response).await;
    }
}

#[tokio::test]
async fn a_code_in_the_log_is_bounded() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let log = Log::capture();
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start").await;
    let (state, long) = (query(&url, "state"), "x".repeat(3000));
    let back = format!("/oauth/sso/callback?state={state}&error={long}");
    assert_eq!(problem(&browser.get(&back).await), "provider-failed");
    let line = line(&log);
    assert!(
        line.contains(&"x".repeat(64)) && !line.contains(&"x".repeat(65)),
        "{line}"
    );
}

#[tokio::test]
async fn each_refusal_of_the_token_endpoint_has_its_page_and_is_in_the_log() {
    for (status, error, word) in [
        (400, "invalid_grant", "provider-failed"),
        (401, "invalid_client", "provider-misconfigured"),
        (400, "unauthorized_client", "provider-misconfigured"),
        (400, "invalid_scope", "provider-misconfigured"),
        (400, "unsupported_grant_type", "provider-misconfigured"),
        (503, "temporarily_unavailable", "provider-unavailable"),
        (400, "a_code_of_its_own", "provider-failed"),
    ] {
        let issuer = Issuer::start().await;
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let log = Log::capture();
        let refused = json!({ "error": error, "error_description": ["canary"], "error_uri": 7 });
        issuer.fake.response("/token", status, &refused);
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let response = browser.get(&super::issuer::back(&url, "sso")).await;
        assert_eq!(problem(&response), word, "{error}");
        let line = line(&log);
        assert!(line.contains(error) && !line.contains("canary"), "{line}");
    }
}

#[tokio::test]
async fn a_token_endpoint_that_does_not_speak_oauth_is_told_by_its_status() {
    const MISCONFIGURED: &str = "provider-misconfigured";
    const UNAVAILABLE: &str = "provider-unavailable";
    let issuer = Issuer::start().await;
    let many = [("LATCHKEY_LIMIT_OAUTH_BURST", "1000")];
    let app = TestApp::start_with(&[&issuer.as_sso()[..], &many].concat()).await;
    let pages = [
        ("text/html", "<h1>canary</h1>"),
        ("text/plain", ""),
        ("application/json", "{\"message\":\"canary\"}"),
        ("application/json", "{\"error\":{\"message\":\"canary\"}}"),
        ("application/json", "{\"error\":\"Of A Framework\"}"),
        ("application/problem+json", "[]"),
    ];
    for (status, word) in [
        (401, MISCONFIGURED),
        (403, MISCONFIGURED),
        (404, MISCONFIGURED),
        (405, MISCONFIGURED),
        (415, MISCONFIGURED),
        (408, UNAVAILABLE),
        (429, UNAVAILABLE),
        (500, UNAVAILABLE),
        (502, UNAVAILABLE),
        (503, UNAVAILABLE),
        (302, UNAVAILABLE),
    ] {
        for (kind, body) in pages {
            let what = format!("{status} {kind} {body}");
            let log = Log::capture();
            issuer.fake.answer_text("/token", status, kind, body);
            let browser = app.anonymous();
            let url = begin(&browser, "/oauth/sso/start").await;
            let response = browser.get(&super::issuer::back(&url, "sso")).await;
            assert_eq!(problem(&response), word, "{what}");
            let line = line(&log);
            assert!(line.contains(&format!("status {status}")), "{what}: {line}");
            assert!(!line.contains("canary"), "{line}");
            assert_no_one(&app, &browser, &what).await;
        }
    }
    for (kind, body) in [("text/html", "<h1>welcome</h1>"), ("application/json", "")] {
        let log = Log::capture();
        issuer.fake.answer_text("/token", 200, kind, body);
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/sso/start").await;
        let response = browser.get(&super::issuer::back(&url, "sso")).await;
        assert_eq!(problem(&response), UNAVAILABLE, "{body}");
        let line = line(&log);
        assert!(line.contains("no tokens") && line.contains("200"), "{line}");
    }
}

#[tokio::test]
async fn an_issuer_under_another_name_is_no_outage() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for name in [
        json!("http://keycloak:8080/realms/main"),
        json!(null),
        json!(7),
    ] {
        let log = Log::capture();
        issuer.discloses(&json!({ "issuer": name }));
        let response = app.anonymous().get("/oauth/sso/start").await;
        assert_eq!(problem(&response), "provider-misconfigured", "{name}");
        let line = line(&log);
        assert!(
            line.contains("calls itself") && line.contains(&issuer.fake.url),
            "{line}"
        );
        app.clock.advance(std::time::Duration::from_secs(3));
    }
}

#[tokio::test]
async fn closed_registration_turns_new_users_of_providers_away_and_the_log_says_so() {
    let issuer = Issuer::start().await;
    let closed = [&issuer.as_sso()[..], &[("LATCHKEY_REGISTRATION", "closed")]].concat();
    let app = TestApp::start_with(&closed).await;
    for verified in [true, false] {
        let log = Log::capture();
        let claims = json!({ "sub": "staff1", "email": "staff@example.com", "email_verified": verified, "name": "Staff" });
        let browser = app.anonymous();
        let response = issuer.signs_in(&app, &browser, "sso", &claims).await;
        assert_eq!(problem(&response), "registration-closed");
        assert_no_one(&app, &browser, "closed registration").await;
        let line = line(&log);
        assert!(line.contains("registration is closed"), "{line}");
        assert!(!line.contains("staff"), "{line}");
    }
}

#[tokio::test]
async fn only_accounts_of_the_domains_that_are_set_sign_in() {
    let (ours, theirs) = ("ada@example.com", "eve@example.com.evil.test");
    for (provider, name, extra) in [
        ("sso", "OAUTH_SSO_DOMAINS", json!({})),
        ("gitlab", "OAUTH_GITLAB_DOMAINS", json!({})),
        (
            "google",
            "OAUTH_GOOGLE_DOMAINS",
            json!({ "hd": "example.com" }),
        ),
    ] {
        let issuer = Issuer::start().await;
        let provider_is = match provider {
            "sso" => issuer.as_sso(),
            "gitlab" => issuer.as_gitlab(),
            _ => issuer.as_google(),
        };
        let settings = [&provider_is[..], &[(name, "Example.com, example.org")]].concat();
        let app = TestApp::start_with(&settings).await;
        let with = |email: &str, verified: bool, more: serde_json::Value| {
            let mut claims =
                json!({ "sub": email, "name": "Ada", "email": email, "email_verified": verified });
            claims
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            claims
        };
        let mut cases = vec![(with(ours, true, extra.clone()), "303 /account")];
        if provider != "google" {
            cases.push((with(theirs, true, json!({})), "provider-other-domain"));
            cases.push((
                with("a@sub.example.com", true, json!({})),
                "provider-other-domain",
            ));
            cases.push((
                with("b@example.com", false, json!({})),
                "provider-other-domain",
            ));
            cases.push((json!({ "sub": "none" }), "provider-other-domain"));
            cases.push((with("c@EXAMPLE.ORG", true, json!({})), "303 /account"));
        } else {
            // A personal account with an address of the domain.
            cases.push((
                with("d@example.com", true, json!({})),
                "provider-other-domain",
            ));
            let hd = |hd| json!({ "hd": hd });
            cases.push((
                with("e@example.com", true, hd("other.example")),
                "provider-other-domain",
            ));
        }
        for (claims, expected) in cases {
            let response = issuer
                .signs_in(&app, &app.anonymous(), provider, &claims)
                .await;
            assert_eq!(problem(&response), expected, "{provider} {claims}");
        }
    }
}

#[tokio::test]
async fn a_document_that_is_elsewhere_is_read_there_and_its_issuer_compared() {
    let issuer = Issuer::start().await;
    let elsewhere = Fake::start().await;
    let url = format!("{}/api/auth/document", elsewhere.url);
    let settings = [
        &issuer.as_sso()[..],
        &[("OAUTH_SSO_DISCOVERY", url.as_str())],
    ]
    .concat();
    let app = TestApp::start_with(&settings).await;
    let document = |name: &str| {
        json!({
            "issuer": name,
            "authorization_endpoint": format!("{}/authorize", issuer.fake.url),
            "token_endpoint": format!("{}/token", issuer.fake.url),
            "jwks_uri": format!("{}/jwks", issuer.fake.url),
        })
    };
    elsewhere.response("/api/auth/document", 200, &document(&elsewhere.url));
    let response = app.anonymous().get("/oauth/sso/start").await;
    assert_eq!(problem(&response), "provider-misconfigured");
    app.clock.advance(std::time::Duration::from_secs(3));
    elsewhere.response("/api/auth/document", 200, &document(&issuer.fake.url));
    let claims =
        json!({ "sub": "ada", "name": "Ada", "email": "ada@example.test", "email_verified": true });
    let response = issuer
        .signs_in(&app, &app.anonymous(), "sso", &claims)
        .await;
    assert_eq!(response.location(), "/account");
    assert!(
        issuer
            .fake
            .asked("/.well-known/openid-configuration")
            .is_empty()
    );
}

#[tokio::test]
async fn a_document_that_is_not_there_is_no_outage() {
    for path in ["/.well-known/openid-configuration", "/jwks"] {
        for (status, word) in [
            (404, "provider-misconfigured"),
            (403, "provider-misconfigured"),
            (408, "provider-unavailable"),
            (429, "provider-unavailable"),
            (500, "provider-unavailable"),
            (503, "provider-unavailable"),
        ] {
            let issuer = Issuer::start().await;
            issuer.fake.response(path, status, &json!({}));
            let app = TestApp::start_with(&issuer.as_sso()).await;
            let log = Log::capture();
            let response = app.anonymous().get("/oauth/sso/start").await;
            assert_eq!(problem(&response), word, "{path} {status}");
            assert!(line(&log).contains(&status.to_string()), "{path} {status}");
        }
    }
}
