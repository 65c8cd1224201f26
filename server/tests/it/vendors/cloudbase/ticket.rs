//! Tickets that the gateway accepts.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sandbox::cloudbase::PemForm;
use serde_json::{Value, json};

use super::{PATH, download, exchange, platform_user, ticket};
use crate::{
    harness::{DANA, PASSWORD, RIVA, TestApp},
    vendors::readable::ask,
};

fn part(ticket: &str, index: usize) -> Value {
    let (_, token) = ticket.split_once("/@@/").unwrap();
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

#[tokio::test]
async fn the_ticket_is_what_the_vendors_sdk_would_make() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"].clone();
    let ticket = ticket(&browser).await;
    assert_eq!(part(&ticket, 0), json!({ "alg": "RS256", "typ": "JWT" }));
    let now = app.clock.now().0;
    let claims = json!({
        "alg": "RS256",
        "env": app.sandbox.cloudbase().env_id(),
        "iat": now,
        "exp": now + 600_000,
        "uid": uid,
        "refresh": 3_600_000,
        "expire": now + 7 * 24 * 60 * 60 * 1000,
    });
    assert_eq!(part(&ticket, 1), claims);
}

#[tokio::test]
async fn the_gateway_makes_one_user_of_each_of_ours() {
    let app = TestApp::start().await;
    let dana = app.signed_in_as(DANA, PASSWORD).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let first = platform_user(&app, &ticket(&dana).await).await;
    assert_eq!(platform_user(&app, &ticket(&dana).await).await, first);
    assert_ne!(platform_user(&app, &ticket(&riva).await).await, first);
    assert_eq!(app.sandbox.cloudbase().users().len(), 2);
}

#[tokio::test]
async fn a_key_in_either_form_signs() {
    let app = TestApp::start().await;
    for (name, form) in [("one.json", PemForm::Pkcs1), ("eight.json", PemForm::Pkcs8)] {
        let file = app.folder.path().join(name);
        download(&app.sandbox, &file, form);
        let changes = [("CLOUDBASE_KEY_FILE", file.to_str().unwrap())];
        let (browser, _server) = app.restarted(&changes).await;
        browser.sign_in(DANA, PASSWORD).await;
        platform_user(&app, &ticket(&browser).await).await;
    }
}

#[tokio::test]
async fn a_ticket_that_is_not_ours_is_refused() {
    let app = TestApp::start().await;
    let ticket = ticket(&app.signed_in().await).await;
    let other = format!("{}x", &ticket[..ticket.len() - 1]);
    for bad in [
        other.as_str(),
        "",
        "no ticket",
        ticket.split_once("/@@/").unwrap().1,
    ] {
        let response = exchange(&app, bad).await.json();
        assert!(response.get("error").is_some(), "{bad}: {response}");
    }
}

#[tokio::test]
async fn a_hundred_tickets_at_once_leave_the_server_awake() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "200")]).await;
    let browser = Arc::new(app.signed_in().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..100 {
        let browser = Arc::clone(&browser);
        calls.spawn(async move { ask(&browser, PATH).await.status });
    }
    let mut waits = Vec::new();
    while !calls.is_empty() && waits.len() < 50 {
        let began = Instant::now();
        assert_eq!(browser.get("/health/live").await.status, 200);
        waits.push(began.elapsed());
        while calls
            .try_join_next()
            .is_some_and(|call| call.unwrap() == 200)
        {}
    }
    assert!(calls.join_all().await.iter().all(|status| *status == 200));
    waits.sort_unstable();
    // A request that had to wait for a hundred signatures would take several times as long, even on a busy
    // machine.
    let median = waits[waits.len() / 2];
    assert!(median < Duration::from_millis(500), "{median:?}");
}
