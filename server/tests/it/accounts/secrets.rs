//! Users' secrets are neither stored nor logged in plain text.

use crate::harness::{DANA, GOOD_PASSWORD, Log, PASSWORD, TestApp, assert_none_in};

const ADA: &str = "ada@example.test";
const NEW_PASSWORD: &str = "nine green herons by noon";

/// Registers, signs in, changes and resets passwords. Returns every secret that this used.
async fn live(app: &TestApp) -> Vec<String> {
    let verify_token = app.registration_token(ADA, GOOD_PASSWORD).await;
    let unused_token = app
        .registration_token("bea@example.test", GOOD_PASSWORD)
        .await;
    let browser = app.anonymous();
    browser
        .post("/verify-email", &[("token", &verify_token)])
        .await;
    browser.sign_in(ADA, "not the right password").await;
    let first = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    let form = [
        ("current_password", GOOD_PASSWORD),
        ("new_password", NEW_PASSWORD),
    ];
    let before = first.session();
    assert_eq!(first.post("/account/password", &form).await.status, 303);
    let reset_token = app.reset_token(DANA).await;
    let form = [
        ("token", reset_token.as_str()),
        ("new_password", NEW_PASSWORD),
    ];
    assert_eq!(browser.post("/reset-password", &form).await.status, 303);
    let second = app.signed_in_as(DANA, NEW_PASSWORD).await;
    let waiting_token = app.reset_token(DANA).await;
    let mut secrets = vec![
        verify_token,
        unused_token,
        reset_token,
        waiting_token,
        before,
        first.session(),
        second.session(),
        "not the right password".to_owned(),
    ];
    for password in [PASSWORD, GOOD_PASSWORD, NEW_PASSWORD] {
        secrets.extend([password.to_owned(), password.replace(' ', "+")]);
    }
    secrets
}

#[tokio::test]
async fn the_database_holds_no_secret() {
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let bytes = app.stored().await;
    assert!(bytes.windows(ADA.len()).any(|part| part == ADA.as_bytes()));
    assert_none_in(&bytes, &secrets);
}

#[tokio::test]
async fn the_most_talkative_log_holds_no_secret() {
    let log = Log::capture();
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let text = log.text();
    for path in ["/login", "/register", "/reset-password"] {
        assert!(text.contains(path), "nothing about {path}");
    }
    assert_none_in(text.as_bytes(), &secrets);
}
