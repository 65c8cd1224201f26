//! Where the browser goes after a login. A request may name only pages of this server.

use url::{Url, form_urlencoded};

use crate::harness::{Browser, DANA, PASSWORD, Response, TestApp};

const BAD: [&str; 47] = [
    "//evil.test",
    "//evil.test/account",
    "/\\evil.test",
    "\\/evil.test",
    "\\\\evil.test",
    "/\t/evil.test",
    "/\n/evil.test",
    "/\r/evil.test",
    "\t//evil.test",
    " //evil.test",
    "\u{a0}//evil.test",
    "///evil.test",
    "////evil.test",
    "https://evil.test",
    "https:evil.test",
    "https:/evil.test",
    "http:\\\\evil.test",
    "https://login.latchkey.localhost@evil.test",
    "https://login.latchkey.localhost.evil.test",
    "／／evil.test",
    "/／evil.test",
    "/.//evil.test",
    "/./\\evil.test",
    "/x/..//evil.test",
    "/account/..//evil.test",
    "/account//evil.test",
    "/%2f%2fevil.test",
    "%2f%2fevil.test",
    "/%5cevil.test",
    "/%09/evil.test",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "blob:https://evil.test/1",
    "/account\r\nset-cookie: a=b",
    "/account\0",
    "/é",
    "/logout",
    "/oauth/sso/start",
    "/api/account/profile",
    "/handoff?chatBoxId=cb_demo",
    "/account?x=//evil.test",
    "/account#//evil.test",
    "account",
    "evil.test",
    "?next=//evil.test",
];

fn query(next: &str) -> String {
    form_urlencoded::Serializer::new(String::new())
        .append_pair("next", next)
        .finish()
}

async fn sign_in(browser: &Browser, next: &str) -> Response {
    let form = [("email", DANA), ("password", PASSWORD), ("next", next)];
    browser.sign_in_by(&form).await
}

/// Asserts that the redirect, as browsers parse it, leads to the account page.
#[track_caller]
fn assert_to_account(app: &TestApp, response: &Response, next: &str) {
    assert_eq!(
        (response.status, response.location()),
        (303, "/account"),
        "{next:?}"
    );
    let base = Url::parse(&app.login_origin()).unwrap();
    let target = base.join(response.location()).unwrap();
    assert_eq!(target.origin(), base.origin());
}

#[tokio::test]
async fn a_login_leads_to_no_page_but_ours() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CLIENT_BURST", "1000")]).await;
    let browser = app.anonymous();
    let long = format!("/account{}", "a".repeat(10_000));
    for next in BAD.into_iter().chain([long.as_str()]) {
        let once = query(next);
        let twice = query(&once[5..]);
        let asked = browser.get(&format!("/login?{}", query(next))).await;
        assert_to_account(&app, &sign_in(&browser, next).await, next);
        // A user who is already signed in is redirected at once.
        for query in [&once, &twice] {
            let response = browser.get(&format!("/login?{query}")).await;
            assert_to_account(&app, &response, next);
        }
        browser.post("/logout", &[]).await;
        assert!(
            asked.status == 200 && !asked.body.contains("name=\"next\""),
            "{next:?}"
        );
        assert!(!asked.body.contains("evil.test"), "{next:?}");
    }
}

#[tokio::test]
async fn registering_and_resetting_keep_no_bad_target() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for next in BAD {
        for path in ["/register", "/forgot-password"] {
            let response = browser.get(&format!("{path}?{}", query(next))).await;
            assert_eq!(response.status, 200, "{path} {next:?}");
            assert!(!response.body.contains("evil.test"), "{path} {next:?}");
            assert!(!response.body.contains("next="), "{path} {next:?}");
        }
    }
}

#[tokio::test]
async fn signing_out_and_the_hand_off_take_no_target() {
    let app = TestApp::start().await;
    for next in ["//evil.test", "https://evil.test/", "/account"] {
        let browser = app.signed_in().await;
        let form = [("chatBoxId", "cb_demo"), ("next", next)];
        let response = browser.post("/continue", &form).await;
        assert_eq!(response.location(), "/handoff?chatBoxId=cb_demo");
        let handoff = browser
            .get(&format!("/handoff?chatBoxId=cb_demo&{}", query(next)))
            .await;
        assert!(handoff.location().is_empty() && !handoff.body.contains("evil.test"));
        let path = format!("/logout?{}", query(next));
        let response = browser
            .post(&path, &[("next", next), ("return_to", next)])
            .await;
        assert_eq!(response.location(), "/login?notice=signed-out");
    }
}

#[tokio::test]
async fn a_target_that_is_no_text_is_refused_or_ignored() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let twice = browser.get("/login?next=/account&next=//evil.test").await;
    assert_eq!(twice.status, 400);
    let list = browser
        .get("/login?next[]=//evil.test&next[a]=//evil.test")
        .await;
    assert!(list.status == 200 && !list.body.contains("evil.test"));
    let form = [("next", "/account"), ("next", "//evil.test")];
    assert_eq!(browser.post("/login", &form).await.status, 400);
}

#[tokio::test]
async fn a_good_target_survives_a_wrong_password() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let asked = browser.get("/account").await;
    assert_eq!(asked.location(), "/login?next=%2Faccount");
    let field = "name=\"next\" value=\"/account\"";
    assert!(browser.get(asked.location()).await.body.contains(field));
    let form = [
        ("email", DANA),
        ("password", "wrong wrong wrong"),
        ("next", "/account"),
    ];
    let wrong = browser.post("/login", &form).await;
    assert!(wrong.status == 401 && wrong.body.contains(field));
    assert_to_account(&app, &sign_in(&browser, "/account").await, "/account");
}

#[tokio::test]
async fn every_redirect_after_a_form_is_a_303() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let profile = [("display_name", "Dana Demo"), ("photo_url", "")];
    for (path, form) in [
        ("/account/profile", &profile[..]),
        ("/continue", &[("chatBoxId", "cb_demo")]),
        ("/switch-account", &[("chatBoxId", "cb_demo")]),
        ("/logout", &[]),
        ("/account/profile", &profile),
    ] {
        assert_eq!(browser.post(path, form).await.status, 303, "{path}");
    }
}
