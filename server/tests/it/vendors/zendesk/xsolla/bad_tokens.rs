//! Invalid tokens of an upstream login, each in the cookie `token` of an otherwise valid request. They are
//! forged with the best that an attacker may have: the project's public key, tokens of other services, and in
//! most cases the project's own signature on invalid content.

mod corpus;
mod forge;

use std::time::Duration;

use reqwest::Method;
use rustix::time::{ClockId, clock_gettime};
use serde_json::json;

use self::{corpus::Row, forge::Forge};
use crate::harness::{Browser, Reply, Response, Stub, TestApp, status};

const PATH: &str = "/generate/token";

/// The CPU time that a request with a bad token may take, client included. Unoptimized code takes longer.
const MAX_TIME: Duration = if cfg!(debug_assertions) {
    Duration::from_millis(500)
} else {
    Duration::from_millis(5)
};

/// How a token is refused: status, and the code and description of the vendor's sample.
type Rejection = (u16, &'static str, &'static str);

const NOT_PASSED: Rejection = (401, "00-00", "Token not passed");
const INVALID: Rejection = (401, "00-01", "Token is invalid");
const NO_SUBJECT: Rejection = (422, "00-02", r#""sub" claim is missed"#);
const NO_EMAIL: Rejection = (422, "00-03", r#""email" claim is missed"#);

/// Requests a token as the site's page does, with this cookie and no session.
async fn ask(app: &TestApp, browser: &Browser, cookie: &str) -> Response {
    let request = browser
        .request(Method::GET, PATH)
        .header("origin", app.site_origin())
        .header("sec-fetch-site", "same-site")
        .header("cookie", cookie);
    browser.send(request).await
}

#[track_caller]
fn assert_refused(response: &Response, (status, code, description): Rejection, name: &str) {
    let body = json!({ "code": code, "description": description });
    assert_eq!((response.status, response.json()), (status, body), "{name}");
    assert_eq!(
        response.header("content-type"),
        "application/json",
        "{name}"
    );
    assert_eq!(response.header("cache-control"), "no-store", "{name}");
    assert!(response.set_cookies().is_empty(), "{name}");
}

/// The CPU time of this thread. A test runs server and client on one thread, so the difference is the cost of
/// a request, regardless of the machine's load.
fn worked() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().unwrap()
}

/// Asserts that a good token is accepted, that each of these is refused alike, and that the fastest of three
/// requests with it is fast enough.
async fn assert_all_refused(app: &TestApp, forge: &Forge, rows: Vec<Row>, rejection: Rejection) {
    let browser = app.anonymous();
    let good = ask(app, &browser, &format!("token={}", forge.good())).await;
    assert_eq!(good.status, 200, "{}", good.body);
    assert!(good.json()["token"].is_string());
    for (name, token) in rows {
        let cookie = format!("token={token}");
        let mut cheapest = Duration::MAX;
        for _ in 0..3 {
            let before = worked();
            let response = ask(app, &browser, &cookie).await;
            cheapest = cheapest.min(worked() - before);
            assert_refused(&response, rejection, &name);
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
        let response = app.raw(&request).await;
        let time = worked() - before;
        // If the server closes the connection before it has read everything, its response may be lost.
        assert!(
            [0, 401, 431].contains(&status(&response)),
            "{response:.200}"
        );
        assert!(!response.contains(r#""token""#));
        assert!(time < MAX_TIME, "it takes {time:?}");
    }
    let good = ask(&app, &app.anonymous(), &format!("token={}", forge.good())).await;
    assert_eq!(good.status, 200, "the server goes on");
}
