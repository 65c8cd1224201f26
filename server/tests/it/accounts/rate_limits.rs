//! The rate limits.

use std::time::Duration;

use reqwest::Method;
use server::limits::Key;

use crate::{
    harness::{Browser, DANA, GOOD_PASSWORD, Log, PASSWORD, RIVA, Response, TestApp},
    vendors,
};

const WRONG: &str = "not the password";

/// Signs in with `forwarded` as the `X-Forwarded-For` of the proxies.
async fn sign_in_via(browser: &Browser, forwarded: &str, email: &str) -> u16 {
    let request = browser
        .own_page(browser.request(Method::POST, "/login"))
        .header("x-forwarded-for", forwarded)
        .header("forwarded", format!("for={forwarded}"))
        .header("x-real-ip", forwarded)
        .form(&[("email", email), ("password", WRONG)]);
    browser.send(request).await.status
}

fn retry_after(response: &Response) -> Duration {
    Duration::from_secs(response.header("retry-after").parse().unwrap())
}

#[tokio::test]
async fn wrong_passwords_are_limited_and_the_stated_wait_is_enough() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for _ in 0..10 {
        assert_eq!(browser.sign_in(DANA, WRONG).await.status, 401);
    }
    app.clock.advance(Duration::from_millis(300));
    let limited = browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(limited.status, 429);
    assert!(limited.set_cookies().is_empty());
    let wait = retry_after(&limited);
    app.clock.advance(wait - Duration::from_millis(1001));
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 429);
    app.clock.advance(Duration::from_millis(1001));
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn an_account_is_limited_however_many_clients_try() {
    let app = TestApp::start_with(&[("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let browser = app.anonymous();
    let mut statuses = Vec::new();
    for client in 1..=12 {
        statuses.push(sign_in_via(&browser, &format!("192.0.2.{client}"), DANA).await);
    }
    assert_eq!(statuses, [[401; 10].as_slice(), &[429; 2]].concat());
}

#[tokio::test]
async fn a_proxy_that_names_no_client_is_logged_once() {
    for forwarded in ["unknown", ""] {
        let log = Log::capture();
        let app = TestApp::start_with(&[("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1")]).await;
        let browser = app.anonymous();
        for _ in 0..3 {
            sign_in_via(&browser, forwarded, DANA).await;
        }
        let text = log.text();
        let told = text.matches("a trusted proxy sends no address").count();
        assert_eq!(told, 1, "{forwarded:?}: {text}");
    }
}

#[tokio::test]
async fn failures_in_a_row_close_an_account_however_slowly_they_come() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_FAILURES", "10")]).await;
    let browser = app.anonymous();
    for _ in 0..10 {
        assert_eq!(browser.sign_in(DANA, WRONG).await.status, 401);
        app.clock.advance(Duration::from_secs(60 * 60));
        app.sweeper.sweep().await.unwrap();
    }
    let closed = browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(closed.status, 429);
    app.clock.advance(retry_after(&closed));
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 429);

    let token = app.reset_token(DANA).await;
    let form = [
        ("token", token.as_str()),
        ("new_password", "seven purple kites at dusk"),
    ];
    assert_eq!(browser.post("/reset-password", &form).await.status, 303);
    app.signed_in_as(DANA, "seven purple kites at dusk").await;
}

#[tokio::test]
async fn one_client_is_limited_however_many_accounts_it_tries() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CLIENT_BURST", "5")]).await;
    let browser = app.anonymous();
    for number in 0..7 {
        let email = format!("user{number}@example.test");
        let status = browser.sign_in(&email, WRONG).await.status;
        assert_eq!(status, if number < 5 { 401 } else { 429 });
    }
    let neighbour = Browser::at(app.addr, "127.0.0.9");
    assert_eq!(neighbour.sign_in(DANA, PASSWORD).await.status, 303);
    app.clock.advance(Duration::from_secs(5));
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn without_a_trusted_proxy_no_header_makes_another_client() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CLIENT_BURST", "5")]).await;
    let browser = app.anonymous();
    let mut statuses = Vec::new();
    for number in 1..=6 {
        let email = format!("user{number}@example.test");
        statuses.push(sign_in_via(&browser, &format!("192.0.2.{number}"), &email).await);
    }
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429]);
}

#[tokio::test]
async fn behind_a_trusted_proxy_the_nearest_stranger_is_the_client() {
    let settings = [
        ("LATCHKEY_LIMIT_CLIENT_BURST", "1"),
        ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1,10.0.0.1"),
    ];
    let app = TestApp::start_with(&settings).await;
    let browser = app.anonymous();
    for (first, same, other) in [
        ("192.0.2.1", "203.0.113.7, 192.0.2.1", "192.0.2.2"),
        ("192.0.2.3", "192.0.2.3, 10.0.0.1", "192.0.2.4"),
        ("192.0.2.5", "::ffff:192.0.2.5", "::ffff:192.0.2.6"),
        ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"),
        ("complete garbage", "unknown, ", "192.0.2.7"),
    ] {
        assert_eq!(sign_in_via(&browser, first, DANA).await, 401, "{first}");
        assert_eq!(sign_in_via(&browser, same, RIVA).await, 429, "{same}");
        assert_eq!(sign_in_via(&browser, other, RIVA).await, 401, "{other}");
    }
}

#[tokio::test]
async fn the_owner_of_a_locked_account_gets_in_by_a_reset() {
    let app = TestApp::start().await;
    let attacker = app.anonymous();
    for _ in 0..11 {
        attacker.sign_in(DANA, WRONG).await;
    }
    let owner = Browser::at(app.addr, "127.0.0.9");
    assert_eq!(owner.sign_in(DANA, PASSWORD).await.status, 429);
    for _ in 0..5 {
        attacker.register(DANA, "Eve", GOOD_PASSWORD).await;
    }
    let token = app.reset_token(DANA).await;
    let form = [
        ("token", token.as_str()),
        ("new_password", "seven purple kites at dusk"),
    ];
    assert_eq!(owner.post("/reset-password", &form).await.status, 303);
    let response = owner.sign_in(DANA, "seven purple kites at dusk").await;
    assert_eq!(response.status, 303);
}

#[tokio::test]
async fn only_the_accounts_own_success_forgets_its_failures() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for _ in 0..9 {
        browser.sign_in(DANA, WRONG).await;
    }
    app.signed_in_as(RIVA, PASSWORD).await;
    assert_eq!(browser.sign_in(DANA, WRONG).await.status, 401);
    assert_eq!(browser.sign_in(DANA, WRONG).await.status, 429);

    app.clock.advance(Duration::from_secs(60));
    app.signed_in().await;
    for _ in 0..10 {
        assert_eq!(browser.sign_in(DANA, WRONG).await.status, 401);
    }
}

#[tokio::test]
async fn a_restart_forgets_no_failure() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for _ in 0..10 {
        browser.sign_in(DANA, WRONG).await;
    }
    let (browser, _server) = app.restarted(&[]).await;
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 429);
}

#[tokio::test]
async fn parallel_tries_cannot_outrun_the_limit() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "3")]).await;
    let browser = app.anonymous();
    let attempt = || browser.sign_in(DANA, WRONG);
    let (a, b, c, d, e, f, g, h) = tokio::join!(
        attempt(),
        attempt(),
        attempt(),
        attempt(),
        attempt(),
        attempt(),
        attempt(),
        attempt()
    );
    let mut statuses = [a, b, c, d, e, f, g, h].map(|response| response.status);
    statuses.sort_unstable();
    assert_eq!(statuses, [401, 401, 401, 429, 429, 429, 429, 429]);
}

#[tokio::test]
async fn a_try_that_is_given_back_can_be_used_at_once() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "1")]).await;
    let limiter = &app.state.limiter;
    let policy = app.state.limits.account;
    let key = Key::account(DANA);
    assert!(limiter.count(&[(&key, policy)]).await.is_ok());
    assert!(limiter.count(&[(&key, policy)]).await.is_err());
    let mut tx = app.state.database.write().await.unwrap();
    let returned = limiter.return_permits(&mut tx, &[(&key, policy)]).await;
    returned.unwrap();
    tx.commit().await.unwrap();
    assert!(limiter.count(&[(&key, policy)]).await.is_ok());
}

#[tokio::test]
async fn counts_that_limit_no_one_any_more_are_deleted() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for number in 0..5 {
        browser
            .sign_in(&format!("user{number}@example.test"), WRONG)
            .await;
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM limits").await, 6);
    app.sweeper.sweep().await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM limits").await, 6);
    app.clock.advance(Duration::from_secs(60));
    app.sweeper.sweep().await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM limits").await, 5);
    app.clock.advance(Duration::from_secs(24 * 60 * 60));
    app.sweeper.sweep().await.unwrap();
    assert_eq!(app.count("SELECT COUNT(*) FROM limits").await, 0);
}

#[tokio::test]
async fn an_address_gets_few_mails_and_no_one_can_tell() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let forgot = || browser.post("/forgot-password", &[("email", DANA)]);
    let first = forgot().await;
    for _ in 0..5 {
        assert_eq!(forgot().await.essence(DANA), first.essence(DANA));
    }
    assert_eq!(app.mails_to(DANA).await, 3);
    app.clock.advance(Duration::from_secs(20 * 60));
    forgot().await;
    assert_eq!(app.mails_to(DANA).await, 4);
}

#[tokio::test]
async fn one_client_asks_for_few_mails_regardless_of_the_address() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_FORM_BURST", "2")]).await;
    let browser = app.anonymous();
    browser.post("/forgot-password", &[("email", DANA)]).await;
    browser
        .register("ada@example.test", "Ada", "seven purple kites at dusk")
        .await;
    let reset = browser.post("/forgot-password", &[("email", RIVA)]).await;
    let account = browser
        .register(RIVA, "Riva", "seven purple kites at dusk")
        .await;
    assert_eq!((reset.status, account.status), (429, 429));
    assert_eq!(app.mails_to(RIVA).await, 0);
    app.clock.advance(retry_after(&reset));
    let again = browser.post("/forgot-password", &[("email", RIVA)]).await;
    assert_eq!(again.status, 200);
}

#[tokio::test]
async fn a_clock_that_is_set_back_locks_no_one_out() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    vendors::all_answer(&dana, 200).await;
    for _ in 0..10 {
        app.anonymous().sign_in(RIVA, WRONG).await;
    }
    assert_eq!(app.anonymous().sign_in(RIVA, PASSWORD).await.status, 429);
    for back in [Duration::from_secs(11 * 60), Duration::from_secs(60 * 60)] {
        app.clock.set_back(back);
        for user in [DANA, RIVA] {
            assert_eq!(app.anonymous().sign_in(user, PASSWORD).await.status, 303);
        }
        vendors::all_answer(&dana, 200).await;
    }
}
