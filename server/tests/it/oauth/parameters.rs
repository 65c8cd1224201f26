//! The parameters of authorization requests: providers × what the browser and the operator want.

use reqwest::Method;
use url::Url;

use super::{
    begin, choose,
    fake::Fake,
    issuer::{CLIENT_ID, Issuer},
    query, sign_in_as,
};
use crate::harness::{Browser, TestApp};

const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Every provider whose accounts a user can choose from, at one issuer.
async fn app_with_all(issuer: &Issuer) -> TestApp {
    let url = issuer.fake.url.as_str();
    let id = CLIENT_ID;
    TestApp::start_with(&[
        ("OAUTH_SSO_ISSUER", url),
        ("OAUTH_SSO_CLIENT_ID", id),
        ("OAUTH_SSO_CLIENT_SECRET", "secret"),
        ("OAUTH_GOOGLE_ISSUER", url),
        ("OAUTH_GOOGLE_CLIENT_ID", id),
        ("OAUTH_GOOGLE_CLIENT_SECRET", "secret"),
        ("OAUTH_MICROSOFT_ISSUER", url),
        ("OAUTH_MICROSOFT_CLIENT_ID", id),
        ("OAUTH_MICROSOFT_CLIENT_SECRET", "secret"),
        ("OAUTH_MICROSOFT_TENANT", TENANT),
        ("OAUTH_GITLAB_ISSUER", url),
        ("OAUTH_GITLAB_CLIENT_ID", id),
        ("OAUTH_GITLAB_CLIENT_SECRET", "secret"),
        ("OAUTH_GITHUB_URL", url),
        ("OAUTH_GITHUB_CLIENT_ID", id),
        ("OAUTH_GITHUB_CLIENT_SECRET", "secret"),
    ])
    .await
}

/// Presses "Use another account".
async fn switch_account(browser: &Browser) {
    let form = [("chatBoxId", "cb_demo"), ("receipt", "1")];
    assert_eq!(browser.post("/switch-account", &form).await.status, 303);
}

async fn prompts(browser: &Browser) -> Vec<String> {
    let mut prompts = Vec::new();
    for provider in ["sso", "google", "microsoft", "gitlab", "github"] {
        let url = begin(browser, &format!("/oauth/{provider}/start")).await;
        prompts.push(query(&url, "prompt"));
    }
    prompts
}

#[tokio::test]
async fn who_wants_another_account_is_asked_for_it_at_every_provider() {
    let issuer = Issuer::start().await;
    let app = app_with_all(&issuer).await;
    let browser = app.anonymous();
    assert_eq!(prompts(&browser).await, [""; 5]);
    let browser = app.signed_in().await;
    switch_account(&browser).await;
    assert_eq!(prompts(&browser).await, ["select_account"; 5]);
}

#[tokio::test]
async fn the_question_ends_with_the_sign_in_and_not_with_a_cancellation() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    switch_account(&browser).await;
    let start = "/oauth/sso/start?chatBoxId=cb_demo";
    let url = begin(&browser, start).await;
    assert_eq!(query(&url, "prompt"), "select_account");
    browser.get(&choose(&app, &url, "cancel").await).await;
    let url = begin(&browser, start).await;
    assert_eq!(
        query(&url, "prompt"),
        "select_account",
        "after a cancellation"
    );
    browser
        .get(&choose(&app, &url, "vera-verified").await)
        .await;
    let url = begin(&browser, start).await;
    assert_eq!(query(&url, "prompt"), "", "after a sign-in");
}

#[tokio::test]
async fn a_provider_that_cannot_ask_is_not_asked() {
    for (listed, prompt) in [
        (
            serde_json::json!(["none", "login", "consent", "select_account"]),
            "select_account",
        ),
        (serde_json::json!(["none", "login", "consent"]), "login"),
        (serde_json::json!(["none"]), ""),
        (serde_json::json!(null), "select_account"),
    ] {
        let issuer = Issuer::start().await;
        issuer.discloses(&serde_json::json!({ "prompt_values_supported": listed }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let browser = app.signed_in().await;
        switch_account(&browser).await;
        let url = begin(&browser, "/oauth/sso/start").await;
        assert_eq!(query(&url, "prompt"), prompt, "{listed}");
    }
}

#[tokio::test]
async fn a_provider_that_refuses_a_question_is_asked_another_and_then_none() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    let browser = app.signed_in().await;
    switch_account(&browser).await;
    let start = "/oauth/sso/start?chatBoxId=cb_demo&receipt=1";
    for prompt in ["select_account", "login"] {
        let url = begin(&browser, start).await;
        assert_eq!(query(&url, "prompt"), prompt);
        let state = query(&url, "state");
        let refused = format!("/oauth/sso/callback?state={state}&error=invalid_request");
        let response = browser.get(&refused).await;
        assert_eq!(
            (response.status, response.location()),
            (303, start),
            "{prompt}"
        );
    }
    let url = begin(&browser, start).await;
    assert_eq!(query(&url, "prompt"), "");
    let state = query(&url, "state");
    let refused = format!("/oauth/sso/callback?state={state}&error=invalid_request");
    let response = browser.get(&refused).await;
    assert!(
        response.location().starts_with("/login?"),
        "{}",
        response.location()
    );
}

#[tokio::test]
async fn only_an_error_of_the_provider_itself_changes_the_question() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for (response, prompt) in [
        ("error=access_denied", "select_account"),
        ("error=server_error", "login"),
        ("error=unsupported_prompt", "login"),
        ("code=unknown", "select_account"),
        ("code=a&iss=https://other.test", "select_account"),
    ] {
        let browser = app.signed_in().await;
        switch_account(&browser).await;
        let state = query(&begin(&browser, "/oauth/sso/start").await, "state");
        let callback = format!("/oauth/sso/callback?state={state}&{response}");
        assert_eq!(browser.get(&callback).await.status, 303, "{response}");
        let url = begin(&browser, "/oauth/sso/start").await;
        assert_eq!(query(&url, "prompt"), prompt, "{response}");
    }
}

#[tokio::test]
async fn after_a_sign_out_here_or_on_the_site_no_provider_signs_the_same_user_in_unasked() {
    let issuer = Issuer::start().await;
    let app = app_with_all(&issuer).await;
    for from_site in [false, true] {
        let browser = app.signed_in().await;
        let sign_out = browser.request(Method::POST, "/logout");
        let sign_out = match from_site {
            true => sign_out.header("origin", app.site_origin()),
            false => browser.own_page(sign_out),
        };
        assert_eq!(browser.send(sign_out).await.status, 303);
        assert_eq!(
            prompts(&browser).await,
            ["select_account"; 5],
            "{from_site}"
        );
    }
}

#[tokio::test]
async fn hints_go_to_the_provider_and_nothing_else_does() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for (query_of_start, accepted, hint, locales) in [
        (
            "login_hint=ada%40example.test",
            "de-CH,de;q=0.9,en;q=0.8",
            "ada@example.test",
            "de-CH de en",
        ),
        ("login_hint=", "*", "", ""),
        ("login_hint=a%0Ab", "de\"><script>, fr", "", "fr"),
        ("nonce=x&prompt=none&scope=admin", "", "", ""),
    ] {
        let request = browser.request(Method::GET, &format!("/oauth/sso/start?{query_of_start}"));
        let response = browser
            .send(request.header("accept-language", accepted))
            .await;
        let url = Url::parse(response.location()).unwrap();
        assert_eq!(query(&url, "login_hint"), hint);
        assert_eq!(query(&url, "ui_locales"), locales);
        assert_eq!(query(&url, "scope"), "openid email profile");
        assert_eq!(
            (query(&url, "prompt"), query(&url, "nonce").len()),
            (String::new(), 43)
        );
    }
}

#[tokio::test]
async fn scopes_and_more_parameters_are_the_operators() {
    let issuer = Issuer::start().await;
    let more = [
        ("OAUTH_SSO_SCOPES", "openid email groups"),
        (
            "OAUTH_SSO_PARAMETERS",
            "ui_locales=fr&audience=https%3A%2F%2Fapi.example&prompt=consent",
        ),
    ];
    let app = TestApp::start_with(&[&issuer.as_sso()[..], &more].concat()).await;
    let browser = app.signed_in().await;
    switch_account(&browser).await;
    let request = browser.request(Method::GET, "/oauth/sso/start");
    let response = browser.send(request.header("accept-language", "de")).await;
    let url = Url::parse(response.location()).unwrap();
    assert_eq!(query(&url, "scope"), "openid email groups");
    for (name, value) in [
        ("ui_locales", "fr"),
        ("audience", "https://api.example"),
        ("prompt", "consent"),
    ] {
        let values: Vec<String> = url
            .query_pairs()
            .filter(|(it, _)| it == name)
            .map(|(_, value)| value.into_owned())
            .collect();
        assert_eq!(values, [value], "{name}");
    }
}

#[tokio::test]
async fn without_pkce_the_nonce_stays() {
    let issuer = Issuer::start().await;
    let settings = [&issuer.as_sso()[..], &[("OAUTH_SSO_PKCE", "off")]].concat();
    let app = TestApp::start_with(&settings).await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start").await;
    assert!(!url.as_str().contains("code_challenge"));
    assert_eq!(query(&url, "nonce").len(), 43);
    let user = |nonce: &str| serde_json::json!({ "sub": "ada", "name": "Ada", "email": "ada@example.test", "email_verified": true, "nonce": nonce });
    let response = issuer
        .signs_in(&app, &browser, "sso", &user("another"))
        .await;
    assert_eq!(response.location(), "/login?problem=provider-failed");
    let mut right = user("");
    right.as_object_mut().unwrap().remove("nonce");
    let response = issuer.signs_in(&app, &browser, "sso", &right).await;
    assert_eq!(response.location(), "/account");
    assert_eq!(
        issuer
            .fake
            .asked("/token")
            .pop()
            .unwrap()
            .field("code_verifier"),
        ""
    );
}

#[tokio::test]
async fn github_takes_the_hint_by_its_own_name() {
    let fake = Fake::start().await;
    let app = TestApp::start_with(&[
        ("OAUTH_GITHUB_URL", &fake.url),
        ("OAUTH_GITHUB_CLIENT_ID", CLIENT_ID),
        ("OAUTH_GITHUB_CLIENT_SECRET", "secret"),
    ])
    .await;
    let url = begin(&app.anonymous(), "/oauth/github/start?login_hint=octocat").await;
    assert_eq!(query(&url, "login"), "octocat");
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
}

#[tokio::test]
async fn a_browser_that_is_built_into_an_app_gets_a_hint() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for (agent, hint) in [
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 350.0.0",
            true,
        ),
        (
            "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 [FBAN/FBIOS;FBAV/480.0]",
            true,
        ),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP3A; wv) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36",
            true,
        ),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36",
            false,
        ),
        ("", false),
    ] {
        let request = browser.request(Method::GET, "/login?chatBoxId=cb_demo");
        let page = browser.send(request.header("user-agent", agent)).await.body;
        assert_eq!(page.contains("built-in browser"), hint, "{agent}");
    }
}
