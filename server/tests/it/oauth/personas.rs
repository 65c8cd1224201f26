//! The result of signing in as each of the sandbox's personas, which depends on what the provider asserts.

use super::{assert_no_one, identities, sign_in_as, users};
use crate::harness::{DANA, PASSWORD, RIVA, Response, TestApp};

const EXISTS: &str = "/login?notice=account-exists";

#[tokio::test]
async fn a_user_with_a_proved_address_gets_an_account_at_once_and_finds_it_again() {
    let app = TestApp::start().await;
    for _ in 0..2 {
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, "vera-verified").await;
        assert_eq!((response.status, response.location()), (303, "/account"));
        let page = browser.get("/account").await.body;
        assert!(page.contains("vera@people.example") && page.contains("Vera Verified"));
        assert_eq!((users(&app).await, identities(&app).await), (3, 1));
    }
    let proved =
        "SELECT COUNT(*) FROM users WHERE email_verified_at IS NOT NULL AND password_hash IS NULL";
    assert_eq!(app.count(proved).await, 1);
}

#[tokio::test]
async fn without_a_proved_address_there_is_no_account_yet() {
    let app = TestApp::start().await;
    for persona in ["umut-unverified", "nora-nomail", "mika-masquerade"] {
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, persona).await;
        assert_eq!(
            (response.status, response.location()),
            (303, "/finish-account"),
            "{persona}"
        );
        assert_no_one(&app, &browser, persona).await;
    }
}

#[tokio::test]
async fn the_address_of_an_account_signs_no_one_in_to_it() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let response = sign_in_as(&app, &browser, "mallory-mirror").await;
    assert_eq!((response.status, response.location()), (303, EXISTS));
    assert_no_one(&app, &browser, "mallory").await;
    let page = browser.get(EXISTS).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains(&format!("value=\"{DANA}\"")));
}

#[tokio::test]
async fn it_is_linked_once_its_owner_signs_in_there_and_then_signs_them_in() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "mallory-mirror").await;
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
    assert_eq!((users(&app).await, identities(&app).await), (2, 1));
    let elsewhere = app.anonymous();
    let response = sign_in_as(&app, &elsewhere, "mallory-mirror").await;
    assert_eq!((response.status, response.location()), (303, "/account"));
    assert!(elsewhere.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn it_is_not_linked_by_others_nor_elsewhere_nor_later() {
    let app = TestApp::start().await;
    let others = app.anonymous();
    sign_in_as(&app, &others, "mallory-mirror").await;
    others.sign_in(RIVA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0, "by another user");

    others.post("/logout", &[]).await;
    others.sign_in(DANA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0, "after another user");

    sign_in_as(&app, &app.anonymous(), "mallory-mirror").await;
    app.signed_in().await;
    assert_eq!(identities(&app).await, 0, "in another browser");

    let late = app.anonymous();
    sign_in_as(&app, &late, "mallory-mirror").await;
    app.clock.advance(std::time::Duration::from_secs(15 * 60));
    late.sign_in(DANA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0, "after a quarter of an hour");
}

#[tokio::test]
async fn an_address_that_is_not_proved_is_never_linked() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "mika-masquerade").await;
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0);
}

#[tokio::test]
async fn only_who_has_proved_the_address_learns_that_there_is_an_account() {
    let app = TestApp::start().await;
    let mut pages = Vec::new();
    for (persona, name, email) in [
        ("mika-masquerade", "Mika Masquerade", DANA),
        ("umut-unverified", "Umut Unverified", "umut@people.example"),
    ] {
        let browser = app.anonymous();
        sign_in_as(&app, &browser, persona).await;
        let form = browser.get("/finish-account").await;
        let fields = [("email", email), ("display_name", name)];
        let sent = browser.post("/finish-account", &fields).await;
        assert_eq!((form.status, sent.status), (200, 200));
        let neutral = |page: Response| page.body.replace(email, "EMAIL").replace(name, "NAME");
        pages.push((neutral(form), neutral(sent)));
    }
    assert_eq!(pages[0], pages[1]);
}

#[tokio::test]
async fn an_account_that_is_disabled_stays_shut_regardless_of_who_vouches() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "vera-verified").await;
    app.execute("UPDATE users SET disabled_at = 1 WHERE email LIKE 'vera@%'")
        .await;
    let browser = app.anonymous();
    let response = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(response.location(), "/login?problem=account-disabled");
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn where_registration_is_closed_strangers_stay_strangers() {
    let app = TestApp::start_with(&[("LATCHKEY_REGISTRATION", "closed")]).await;
    for persona in ["vera-verified", "nora-nomail"] {
        let browser = app.anonymous();
        let response = sign_in_as(&app, &browser, persona).await;
        assert_eq!(response.location(), "/login?problem=registration-closed");
        assert_no_one(&app, &browser, persona).await;
    }
    let browser = app.anonymous();
    let response = sign_in_as(&app, &browser, "mallory-mirror").await;
    assert_eq!(response.location(), EXISTS);
}
