//! What a session allows, and when it ends.

use std::time::Duration;

use reqwest::header::HeaderValue;
use server::database::query;

use crate::{
    harness::{Browser, DANA, PASSWORD, RIVA, TestApp},
    vendors,
};

const COOKIE: &str = "latchkey";

/// A browser of an attacker who has a session's id.
fn thief(app: &TestApp, session: &str) -> Browser {
    let browser = app.anonymous();
    browser.set_cookie(COOKIE, session);
    browser
}

#[tokio::test]
async fn signing_in_leaves_nothing_of_the_session_before() {
    let app = TestApp::start().await;
    let browser = app.signed_in_as(RIVA, PASSWORD).await;
    let planted = browser.session();
    let consent = browser.post("/continue", &[("chatBoxId", "cb_demo")]).await;
    assert_eq!(consent.location(), "/handoff?chatBoxId=cb_demo");

    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
    assert_ne!(browser.session(), planted);
    assert!(browser.get("/account").await.body.contains("Dana Demo"));
    assert!(!thief(&app, &planted).is_signed_in().await);
    let handoff = browser.get("/handoff?chatBoxId=cb_demo").await;
    assert_eq!(handoff.location(), "/login?chatBoxId=cb_demo");
}

#[tokio::test]
async fn an_id_that_the_server_did_not_give_is_not_adopted() {
    let app = TestApp::start().await;
    let invented = "AAAAAAAAAAAAAAAAAAAAAA";
    let browser = thief(&app, invented);
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
    assert_ne!(browser.session(), invented);
    assert!(!thief(&app, invented).is_signed_in().await);
}

#[tokio::test]
async fn a_malformed_cookie_is_no_cookie() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let duplicates = vec!["latchkey=AAAAAAAAAAAAAAAAAAAAAA"; 30].join("; ");
    for cookie in [
        format!("{COOKIE}={}", "x".repeat(4000)).into_bytes(),
        format!("{COOKIE}=%00%ff").into_bytes(),
        COOKIE.as_bytes().to_vec(),
        b"latchkey=\xff\xfe".to_vec(),
        duplicates.into_bytes(),
        b"; =;;=x; \"".to_vec(),
    ] {
        let request = browser
            .request(reqwest::Method::GET, "/login")
            .header("cookie", HeaderValue::from_bytes(&cookie).unwrap());
        let response = browser.send(request).await;
        assert_eq!(response.status, 200, "{}", String::from_utf8_lossy(&cookie));
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_on_the_server() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let session = browser.session();
    let response = browser.post("/logout", &[]).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/login?notice=signed-out")
    );
    assert_eq!(browser.cookie(COOKIE), None);
    assert!(!thief(&app, &session).is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!(browser.get("/logout").await.status, 405);
}

#[tokio::test]
async fn a_session_ends_after_a_week_without_a_request() {
    let app = TestApp::start().await;
    let week = Duration::from_secs(7 * 24 * 60 * 60);
    let browser = app.signed_in().await;
    app.clock.advance(week - Duration::from_secs(1));
    assert!(browser.is_signed_in().await);
    app.clock.advance(week - Duration::from_secs(1));
    assert!(browser.is_signed_in().await);
    app.clock.advance(week);
    vendors::all_answer(&browser, 401).await;
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_however_much_it_is_used() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for _ in 0..6 {
        app.clock
            .advance(Duration::from_secs(5 * 24 * 60 * 60) - Duration::from_millis(1));
        assert!(browser.is_signed_in().await);
    }
    app.clock.advance(Duration::from_millis(6));
    vendors::all_answer(&browser, 401).await;
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn a_page_that_asks_for_nothing_but_credentials_uses_the_session() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for _ in 0..4 {
        app.clock.advance(Duration::from_secs(6 * 24 * 60 * 60));
        vendors::all_answer(&browser, 200).await;
    }
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn many_requests_at_once_write_once_a_minute() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let seen = "SELECT MAX(seen_at) FROM sessions";
    let signed_in_at = app.count(seen).await;
    let storm = async || {
        for _ in 0..5 {
            let page = || browser.is_signed_in();
            let (a, b, c, d) = tokio::join!(page(), page(), page(), page());
            assert!(a && b && c && d);
        }
    };
    app.clock.advance(Duration::from_secs(59));
    storm().await;
    assert_eq!(app.count(seen).await, signed_in_at);
    app.clock.advance(Duration::from_secs(1));
    storm().await;
    assert_eq!(app.count(seen).await, signed_in_at + 60_000);
}

#[tokio::test]
async fn without_the_session_store_no_one_is_known_or_unknown() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("ALTER TABLE sessions RENAME TO gone").await;
    for path in ["/account", "/login"] {
        let response = browser.get(path).await;
        assert_eq!(response.status, 503, "{path}");
        assert!(!response.header("retry-after").is_empty());
        assert!(response.set_cookies().is_empty());
        assert!(
            !response.body.contains("no such table"),
            "{}",
            response.body
        );
    }
    vendors::all_answer(&browser, 503).await;
    assert_eq!(browser.post("/logout", &[]).await.status, 503);
    assert_eq!(app.anonymous().get("/login").await.status, 200);
    assert_eq!(browser.get("/forgot-password").await.status, 200);
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 503);

    app.execute("ALTER TABLE gone RENAME TO sessions").await;
    assert!(browser.is_signed_in().await);
}

#[tokio::test]
async fn a_locked_database_still_knows_who_is_signed_in() {
    let app = TestApp::start_on_file().await;
    let browser = app.signed_in().await;
    let lock = app.state.database.write().await.unwrap();
    assert!(browser.is_signed_in().await);
    let newcomer = app.anonymous();
    let (sign_in, consent) = tokio::join!(
        newcomer.sign_in(DANA, PASSWORD),
        browser.post("/continue", &[("chatBoxId", "cb_demo")])
    );
    for refused in [sign_in, consent] {
        assert_eq!(refused.status, 503);
        assert!(!refused.header("retry-after").is_empty());
        assert!(refused.set_cookies().is_empty());
    }
    drop(lock);
    app.signed_in().await;
}

#[tokio::test]
async fn a_user_who_is_gone_or_disabled_is_signed_out_at_once() {
    for sql in ["DELETE FROM users", "UPDATE users SET disabled_at = 1"] {
        let app = TestApp::start().await;
        let browser = app.signed_in().await;
        app.execute(sql).await;
        vendors::all_answer(&browser, 401).await;
        assert!(!browser.is_signed_in().await, "{sql}");
        assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0, "{sql}");
        assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 401);
    }
}

#[tokio::test]
async fn what_the_database_holds_is_no_cookie() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let pool = app.state.database.read();
    let stored: String = query("SELECT id_hash FROM sessions")
        .fetch_one(pool)
        .await
        .unwrap();
    assert_ne!(stored, browser.session());
    assert!(!thief(&app, &stored).is_signed_in().await);
}

#[tokio::test]
async fn what_has_expired_is_deleted_and_nothing_else() {
    let app = TestApp::start().await;
    app.signed_in_as(RIVA, PASSWORD).await;
    app.registration_token("ada@example.test", "seven purple kites at dusk")
        .await;
    app.reset_token(RIVA).await;
    app.clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
    let browser = app.signed_in().await;
    app.registration_token("bea@example.test", "seven purple kites at dusk")
        .await;
    app.reset_token(DANA).await;

    app.sweeper.sweep().await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM registrations").await, 1);
    assert_eq!(app.count("SELECT COUNT(*) FROM password_resets").await, 1);
    assert!(browser.is_signed_in().await);
}
