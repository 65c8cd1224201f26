//! Sign-in methods that users add and remove on their account page.

use std::time::Duration;

use reqwest::Method;
use url::Url;

use super::{choose, identities, sign_in_as, users};
use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Response, TestApp};

const ADDED: &str = "/account?notice=account-linked";

/// Presses "Add Example SSO", and returns the URL that the browser goes to.
pub async fn begin_link(browser: &Browser) -> Url {
    let page = browser.post("/oauth/sso/link", &[]).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let refresh = page.header("refresh").strip_prefix("0; url=");
    Url::parse(refresh.expect("a way to go on")).unwrap()
}

/// Links a persona to the account of the signed-in user.
pub async fn link(app: &TestApp, browser: &Browser, persona: &str) -> Response {
    let url = begin_link(browser).await;
    browser.get(&choose(app, &url, persona).await).await
}

/// The forms of the account page that remove a sign-in method.
pub async fn removals(browser: &Browser) -> Vec<String> {
    let page = browser.get("/account").await.body;
    let forms = page.split("action=\"/account/linked-accounts/").skip(1);
    forms
        .map(|rest| {
            format!(
                "/account/linked-accounts/{}",
                rest.split('"').next().unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn a_user_adds_a_way_signs_in_with_it_and_removes_it() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let response = link(&app, &dana, "umut-unverified").await;
    assert_eq!((response.status, response.location()), (303, ADDED));
    let page = dana.get(ADDED).await.body;
    assert!(page.contains("Example SSO") && page.contains("umut@people.example"));
    assert!(
        !page.contains("action=\"/oauth/sso/link\""),
        "it is there already"
    );

    let elsewhere = app.anonymous();
    sign_in_as(&app, &elsewhere, "umut-unverified").await;
    assert!(elsewhere.get("/account").await.body.contains("Dana Demo"));
    assert_eq!((users(&app).await, identities(&app).await), (2, 1));

    let removal = removals(&dana).await.remove(0);
    let response = dana.post(&removal, &[]).await;
    assert_eq!(response.location(), "/account?notice=account-unlinked");
    assert_eq!(identities(&app).await, 0);
    let response = sign_in_as(&app, &app.anonymous(), "umut-unverified").await;
    assert_eq!(response.location(), "/finish-account");
}

#[tokio::test]
async fn linking_again_what_is_linked_changes_nothing() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for _ in 0..2 {
        assert_eq!(link(&app, &dana, "vera-verified").await.location(), ADDED);
    }
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn a_link_is_for_the_user_who_asked_for_it() {
    let app = TestApp::start().await;
    for next_user in [None, Some(RIVA)] {
        let browser = app.signed_in().await;
        let back = choose(&app, &begin_link(&browser).await, "vera-verified").await;
        browser.post("/logout", &[]).await;
        if let Some(email) = next_user {
            browser.sign_in(email, PASSWORD).await;
        }
        assert_eq!(browser.get(&back).await.status, 400, "{next_user:?}");
        assert_eq!((users(&app).await, identities(&app).await), (2, 0));
        browser.sign_in(DANA, PASSWORD).await;
        assert_eq!(browser.get(&back).await.status, 400, "it is over");
        assert_eq!(identities(&app).await, 0);
    }
}

#[tokio::test]
async fn a_user_who_was_disabled_meanwhile_links_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let back = choose(&app, &begin_link(&browser).await, "vera-verified").await;
    app.execute("UPDATE users SET disabled_at = 1").await;
    assert_eq!(browser.get(&back).await.status, 400);
    assert_eq!(identities(&app).await, 0);
}

#[tokio::test]
async fn a_link_is_for_the_browser_that_asked_for_it() {
    let app = TestApp::start().await;
    let attacker = app.signed_in_as(RIVA, PASSWORD).await;
    let back = choose(&app, &begin_link(&attacker).await, "vera-verified").await;
    let victim = app.signed_in().await;
    assert_eq!(victim.get(&back).await.status, 400);
    assert_eq!(identities(&app).await, 0);
}

#[tokio::test]
async fn a_link_is_begun_by_our_own_form_alone() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    assert_eq!(dana.get("/oauth/sso/link").await.status, 405);
    let foreign = dana.request(Method::POST, "/oauth/sso/link");
    let foreign = foreign.header("origin", "https://evil.test");
    assert_eq!(dana.send(foreign).await.status, 403);
    let start = dana.get("/oauth/sso/start?link_user_id=x&link=1").await;
    let back = choose(&app, &Url::parse(start.location()).unwrap(), "nora-nomail").await;
    assert_eq!(dana.get(&back).await.location(), "/connect");
    assert_eq!(
        identities(&app).await,
        0,
        "a start signs in and never links"
    );
    let stranger = app.anonymous().post("/oauth/sso/link", &[]).await;
    assert_eq!((stranger.status, stranger.location()), (303, "/login"));
}

#[tokio::test]
async fn ways_change_only_soon_after_a_sign_in() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    link(&app, &dana, "vera-verified").await;
    let removal = removals(&dana).await.remove(0);
    app.clock.advance(Duration::from_secs(15 * 60));
    for path in ["/oauth/sso/link", &removal] {
        let response = dana.post(path, &[]).await;
        assert_eq!(
            response.location(),
            "/account?problem=sign-in-again",
            "{path}"
        );
    }
    let page = dana.get("/account?problem=sign-in-again").await;
    assert!(page.body.contains("role=\"alert\""), "{}", page.body);
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn what_signs_another_user_in_is_not_taken_from_them() {
    let app = TestApp::start().await;
    let vera = app.anonymous();
    sign_in_as(&app, &vera, "vera-verified").await;
    let dana = app.signed_in().await;
    let response = link(&app, &dana, "vera-verified").await;
    assert_eq!(response.location(), "/account?problem=identity-taken");
    let hers = "SELECT COUNT(*) FROM identities JOIN users ON users.id = user_id WHERE email LIKE 'vera@%'";
    assert_eq!((identities(&app).await, app.count(hers).await), (1, 1));
}

#[tokio::test]
async fn the_last_sign_in_method_stays_until_there_is_a_password() {
    let app = TestApp::start().await;
    let vera = app.anonymous();
    sign_in_as(&app, &vera, "vera-verified").await;
    let removal = removals(&vera).await.remove(0);
    let response = vera.post(&removal, &[]).await;
    assert_eq!(response.location(), "/account?problem=last-sign-in-method");
    assert_eq!(identities(&app).await, 1);

    let token = app.reset_token("vera@people.example").await;
    let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
    assert_eq!(vera.post("/reset-password", &form).await.status, 303);
    let vera = app.signed_in_as("vera@people.example", GOOD_PASSWORD).await;
    let response = vera.post(&removal, &[]).await;
    assert_eq!(response.location(), "/account?notice=account-unlinked");
    let response = sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    assert_eq!(response.location(), "/login?notice=account-exists");
}

#[tokio::test]
async fn no_one_removes_the_ways_of_others() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    link(&app, &dana, "vera-verified").await;
    let removal = removals(&dana).await.remove(0);
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    for path in [&*removal, "/account/linked-accounts/none/remove"] {
        assert_eq!(riva.post(path, &[]).await.status, 404, "{path}");
    }
    let stranger = app.anonymous().post(&removal, &[]).await;
    assert_eq!(stranger.location(), "/login");
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn a_link_that_fails_ends_on_the_account_page() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let response = link(&app, &dana, "cancel").await;
    assert_eq!(response.location(), "/account?problem=provider-denied");
    app.sandbox
        .sso()
        .change(sandbox::sso::TokenFailure::ServerError);
    let response = link(&app, &dana, "vera-verified").await;
    assert_eq!(response.location(), "/account?problem=provider-unavailable");
    assert_eq!(identities(&app).await, 0);
}
