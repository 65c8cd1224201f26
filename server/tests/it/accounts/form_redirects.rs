//! Forms that are sent by leaving the page: every response is a redirect, so that Reload and Back send nothing again.

use crate::{
    harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Response, TestApp, token_in},
    oauth,
};

const COOKIE: &str = "latchkey-form";
const ADA: &str = "ada@example.test";

/// Sends a form as a page does.
async fn leave(browser: &Browser, path: &str, form: &[(&str, &str)]) -> Response {
    let request = browser.own_page(browser.request(reqwest::Method::POST, path));
    let request = request
        .header("sec-fetch-mode", "navigate")
        .header("accept", "text/html");
    browser.send(request.form(form)).await
}

/// Sends a form and loads the page that follows, twice: the second time is Reload.
async fn next_page(browser: &Browser, path: &str, form: &[(&str, &str)]) -> Response {
    let response = leave(browser, path, form).await;
    assert_eq!(response.status, 303, "{path}: {}", response.body);
    for secret in [PASSWORD, "a wrong password 1"] {
        assert!(!response.location().contains(secret));
    }
    let first = browser.get(response.location()).await;
    let again = browser.get(response.location()).await;
    assert_eq!(first.essence(DANA), again.essence(DANA), "{path}");
    first
}

/// Who sends which form where, and what the next page must have.
type Case<'a> = (
    &'a Browser,
    &'a str,
    &'a [(&'a str, &'a str)],
    &'a [&'a str],
);

#[tokio::test]
async fn a_rejected_form_is_shown_with_what_was_typed_and_what_is_wrong() {
    let app = TestApp::start().await;
    let anonymous = app.anonymous();
    let dana = app.signed_in().await;
    let nora = app.anonymous();
    oauth::sign_in_as(&app, &nora, "nora-nomail").await;
    let token = app.reset_token(DANA).await;
    let wrong = "a wrong password 1";
    let cases: [Case<'_>; 10] = [
        (
            &anonymous,
            "/login",
            &[("email", ADA), ("password", wrong)],
            &[ADA, "Incorrect email or password"],
        ),
        (
            &anonymous,
            "/login",
            &[("email", "dana@"), ("password", "")],
            &[
                "value=\"dana@\"",
                "id=\"email-problem\"",
                "id=\"password-problem\"",
            ],
        ),
        (
            &anonymous,
            "/register",
            &[
                ("email", ADA),
                ("display_name", "Ada L."),
                ("password", "short"),
                ("attempt", "abcdefghijklmnopqrstuvwxyz"),
            ],
            &[
                ADA,
                "Ada L.",
                "id=\"password-problem\"",
                "abcdefghijklmnopqrstuvwxyz",
            ],
        ),
        (
            &anonymous,
            "/forgot-password",
            &[("email", "ada at example")],
            &["ada at example", "id=\"email-problem\""],
        ),
        (
            &dana,
            "/account/profile",
            &[("display_name", ""), ("photo_url", "ftp://photo")],
            &["ftp://photo", "photo_url"],
        ),
        (
            &dana,
            "/account/password",
            &[("current_password", wrong), ("new_password", GOOD_PASSWORD)],
            &["id=\"current_password-problem\""],
        ),
        (
            &dana,
            "/account/password",
            &[("current_password", PASSWORD), ("new_password", "short")],
            &["id=\"new_password-problem\""],
        ),
        (
            &nora,
            "/finish-account",
            &[("email", "ada at example"), ("display_name", "Ada L.")],
            &["ada at example", "Ada L.", "id=\"email-problem\""],
        ),
        (
            &nora,
            "/finish-account",
            &[("email", ADA), ("display_name", "")],
            &[ADA, "id=\"display_name-problem\""],
        ),
        (
            &anonymous,
            "/reset-password",
            &[("token", &token), ("new_password", "short")],
            &[DANA, "id=\"new_password-problem\""],
        ),
    ];
    for (browser, path, form, expected) in cases {
        let page = next_page(browser, path, form).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains(wrong), "{path}");
        for text in expected {
            assert!(page.body.contains(text), "{path}: {text}: {}", page.body);
        }
    }
}

#[tokio::test]
async fn an_accepted_form_leads_to_a_page_that_names_the_address() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let registration = [
        ("email", ADA),
        ("display_name", "Ada"),
        ("password", GOOD_PASSWORD),
    ];
    let page = next_page(&browser, "/register", &registration).await;
    assert!(page.body.contains(ADA), "{}", page.body);
    let page = next_page(&browser, "/forgot-password", &[("email", DANA)]).await;
    assert!(page.body.contains(DANA), "{}", page.body);
}

#[tokio::test]
async fn a_used_link_is_told_after_a_redirect() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    browser.register(ADA, "Ada", GOOD_PASSWORD).await;
    let token = token_in(&app.mail_to(ADA, 0).await);
    browser.post("/verify-email", &[("token", &token)]).await;
    let page = next_page(&browser, "/verify-email", &[("token", &token)]).await;
    assert_eq!(page.status, 410);
    let reset = [("token", "x"), ("new_password", GOOD_PASSWORD)];
    let page = next_page(&browser, "/reset-password", &reset).await;
    assert_eq!(page.status, 410);
}

#[tokio::test]
async fn the_cause_is_known_to_a_browser_that_keeps_no_cookie() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [("email", ADA), ("password", "a wrong password 1")];
    let response = leave(&browser, "/login", &form).await;
    let page = app.anonymous().get(response.location()).await;
    assert!(!page.body.contains(ADA));
    assert!(response.location().contains("problem=wrong-credentials"));
    assert!(page.body.contains("Incorrect email or password"));
}

#[tokio::test]
async fn the_cookie_holds_nothing_that_can_be_read() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [("email", ADA), ("password", "a wrong password 1")];
    leave(&browser, "/login", &form).await;
    let cookie = browser.cookie(COOKIE).unwrap();
    assert!(!cookie.contains("ada"));
    assert!(!browser.get("/login").await.body.contains(ADA));
}

#[tokio::test]
async fn too_many_attempts_are_told_with_the_wait() {
    let settings = [
        ("LATCHKEY_LIMIT_FORM_BURST", "1"),
        ("LATCHKEY_LIMIT_ACCOUNT_BURST", "1"),
    ];
    let app = TestApp::start_with(&settings).await;
    let wrong = [
        ("current_password", "a wrong password 1"),
        ("new_password", GOOD_PASSWORD),
    ];
    let sign_in = [("email", RIVA), ("password", "a wrong password 1")];
    let (anonymous, dana) = (app.anonymous(), app.signed_in().await);
    let told: &[&str] = &["Too many"];
    let cases: [Case<'_>; 3] = [
        (&anonymous, "/forgot-password", &[("email", DANA)], told),
        (&anonymous, "/login", &sign_in, told),
        (&dana, "/account/password", &wrong, told),
    ];
    for (browser, path, form, expected) in cases {
        leave(browser, path, form).await;
        let response = leave(browser, path, form).await;
        assert_eq!(response.status, 303, "{path}");
        let location = response.location();
        assert!(
            location.contains("problem=too-many-attempts") && location.contains("retry_after="),
            "{path}: {location}"
        );
        let page = browser.get(location).await;
        for text in expected {
            assert!(page.body.contains(text), "{path}: {}", page.body);
        }
    }
}
