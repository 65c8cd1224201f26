//! Tokens of an upstream login that must not pass, each in the cookie `token` of a request that is right in everything
//! else. They are made by hand, with what a forger may have at best: the project's public key, tokens of other
//! services, and in most of them the project's own signature under something that is wrong.

mod corpus;
mod forge;

use std::time::Duration;

use reqwest::Method;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use self::{corpus::Row, forge::Forge};
use crate::harness::{Answer, Browser, Reply, Stub, TestApp, status};

const PATH: &str = "/generate/token";

/// What a request with a bad token may cost, client and all. Unoptimized code takes longer.
const MAX_TIME: Duration = if cfg!(debug_assertions) {
    Duration::from_millis(500)
} else {
    Duration::from_millis(5)
};

/// How a token is refused: status, code and description of the vendor's sample.
type Refusal = (u16, &'static str, &'static str);

const NOT_PASSED: Refusal = (401, "00-00", "Token not passed");
const INVALID: Refusal = (401, "00-01", "Token is invalid");
const NO_SUBJECT: Refusal = (422, "00-02", r#""sub" claim is missed"#);
const NO_EMAIL: Refusal = (422, "00-03", r#""email" claim is missed"#);

/// Asks as the site's page does, in a browser that holds this cookie and no session.
async fn ask(app: &TestApp, browser: &Browser, cookie: &str) -> Answer {
    let request = browser
        .request(Method::GET, PATH)
        .header("origin", app.site_origin())
        .header("sec-fetch-site", "same-site")
        .header("cookie", cookie);
    browser.send(request).await
}

#[track_caller]
fn assert_refused(answer: &Answer, (status, code, description): Refusal, name: &str) {
    let body = json!({ "code": code, "description": description });
    assert_eq!((answer.status, answer.json()), (status, body), "{name}");
    assert_eq!(answer.header("content-type"), "application/json", "{name}");
    assert_eq!(answer.header("cache-control"), "no-store", "{name}");
    assert!(answer.set_cookies().is_empty(), "{name}");
}

/// What this thread has worked so far. A test runs server and client on one thread, so this is what a request costs,
/// whatever else the machine does.
fn worked() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// A good token passes, each of these is refused alike, and the cheapest of three requests with it is cheap.
async fn assert_all_refused(app: &TestApp, forge: &Forge, rows: Vec<Row>, refusal: Refusal) {
    let browser = app.anonymous();
    let good = ask(app, &browser, &format!("token={}", forge.good())).await;
    assert_eq!(good.status, 200, "{}", good.body);
    assert!(good.json()["token"].is_string());
    for (name, token) in rows {
        let cookie = format!("token={token}");
        let mut cheapest = Duration::MAX;
        for _ in 0..3 {
            let before = worked();
            let answer = ask(app, &browser, &cookie).await;
            cheapest = cheapest.min(worked() - before);
            assert_refused(&answer, refusal, &name);
        }
        assert!(cheapest < MAX_TIME, "{name} takes {cheapest:?}");
    }
}

async fn app_and_forge() -> (TestApp, Forge, Stub) {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000")]).await;
    let elsewhere = Stub::start(vec![Reply::json(200, "[]")]).await;
    let forge = Forge::of(&app, &elsewhere).await;
    (app, forge, elsewhere)
}

#[tokio::test]
async fn no_bad_token_is_a_login() {
    let (app, forge, elsewhere) = app_and_forge().await;
    assert_all_refused(&app, &forge, forge.invalid(), INVALID).await;
    assert!(
        elsewhere.requests().is_empty(),
        "no header says where keys are"
    );
}

#[tokio::test]
async fn a_token_without_a_subject_is_no_one() {
    let (app, forge, _elsewhere) = app_and_forge().await;
    assert_all_refused(&app, &forge, forge.without_subject(), NO_SUBJECT).await;
}

#[tokio::test]
async fn a_token_without_an_address_says_so() {
    let (app, forge, _elsewhere) = app_and_forge().await;
    assert_all_refused(&app, &forge, forge.without_email(), NO_EMAIL).await;
}

#[tokio::test]
async fn one_cookie_is_taken_and_no_more() {
    let (app, forge, _elsewhere) = app_and_forge().await;
    let good = forge.good();
    let browser = app.anonymous();
    for cookie in ["other=1", "Token=x", "token="] {
        assert_refused(&ask(&app, &browser, cookie).await, NOT_PASSED, cookie);
    }
    for cookie in [
        format!("token={good}; token={good}"),
        format!("token={good}; token=nonsense"),
        format!("token=nonsense; token={good}"),
    ] {
        assert_refused(&ask(&app, &browser, &cookie).await, INVALID, &cookie);
    }
}

#[tokio::test]
async fn a_token_of_a_megabyte_is_not_read() {
    let (app, forge, _elsewhere) = app_and_forge().await;
    let deepest = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for token in [
        forge.with("name", "n".repeat(1_000_000)),
        forge.paying(format!("{{\"groups_of\":{deepest}}}")),
    ] {
        let request = format!(
            "GET {PATH} HTTP/1.1\r\nHost: {}\r\nCookie: token={token}\r\nConnection: close\r\n\r\n",
            app.login_host()
        );
        let before = worked();
        let answer = app.raw(&request).await;
        let time = worked() - before;
        // The server may have closed the connection before it has taken everything, and then its answer is lost.
        assert!([0, 401, 431].contains(&status(&answer)), "{answer:.200}");
        assert!(!answer.contains(r#""token""#));
        assert!(time < MAX_TIME, "it takes {time:?}");
    }
    let good = ask(&app, &app.anonymous(), &format!("token={}", forge.good())).await;
    assert_eq!(good.status, 200, "the server goes on");
}
