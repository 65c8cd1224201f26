//! Providers that are down or hang, and visitors who leave before the provider has responded.

use std::time::Duration;

use futures_util::future::join_all;
use sandbox::sso::{DiscoveryFailure, SettingsChange, TokenFailure};
use tokio::time::{sleep, timeout};

use super::{callback_url, identities, problem, sign_in_as};
use crate::harness::{Reply, Stub, TestApp, free_address};

/// Long enough for a provider that is well, on a busy machine.
const IMPATIENT: (&str, &str) = ("OAUTH_TIMEOUT_MS", "1500");
const UNAVAILABLE: &str = "provider-unavailable";

/// Long enough for slow machines.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A server with the provider at a URL.
async fn app_with(issuer: &str) -> TestApp {
    TestApp::start_with(&[("OAUTH_SSO_ISSUER", issuer), IMPATIENT]).await
}

/// A server whose provider responds long after the timeout.
async fn app_that_waits(fault: impl Into<SettingsChange>) -> TestApp {
    let app = TestApp::start_with(&[IMPATIENT]).await;
    let slow = SettingsChange {
        slow_milliseconds: Some(60_000),
        ..fault.into()
    };
    app.sandbox.sso().change(slow);
    app
}

#[tokio::test]
async fn a_provider_that_is_away_stops_neither_the_start_nor_passwords() {
    let plain = Stub::start(vec![Reply::Close]).await;
    let unknown = free_address();
    let tls = plain.url.replace("http:", "https:");
    for issuer in [
        format!("http://{unknown}"),
        format!("https://{unknown}"),
        tls,
        plain.url.clone(),
    ] {
        let app = app_with(&issuer).await;
        let browser = app.anonymous();
        let page = browser.get("/login").await.body;
        assert!(page.contains("href=\"/oauth/sso/start\"") && page.contains("Example SSO"));
        let response = browser.get("/oauth/sso/start?chatBoxId=cb_demo").await;
        let login = "/login?chatBoxId=cb_demo&problem=provider-unavailable";
        assert_eq!(response.location(), login, "{issuer}");
        let page = browser.get(login).await;
        assert!(page.status == 200 && page.body.contains("role=\"alert\""));
        app.signed_in().await;
    }
}

#[tokio::test]
async fn the_time_is_for_the_whole_answer_not_for_each_byte() {
    let stub = Stub::start(vec![Reply::Drip]).await;
    let app = app_with(&stub.url).await;
    let browser = app.anonymous();
    let start = timeout(TIMEOUT, browser.get("/oauth/sso/start")).await;
    assert_eq!(problem(&start.unwrap()), UNAVAILABLE);
    assert_eq!((stub.requests().len(), stub.connections()), (1, 1));
}

#[tokio::test]
async fn no_redirect_of_a_provider_is_followed() {
    let elsewhere = Stub::start(vec![Reply::json(200, "{}")]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/\r\n", elsewhere.url);
        let stub = Stub::start(vec![Reply::with_headers(status, &location, "")]).await;
        let app = app_with(&stub.url).await;
        let response = app.anonymous().get("/oauth/sso/start").await;
        assert_eq!(problem(&response), UNAVAILABLE);
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_crowd_does_not_queue_up_behind_a_provider_that_hangs() {
    let app = app_that_waits(DiscoveryFailure::Slow).await;
    let crowd: Vec<_> = (0..30).map(|_| app.anonymous()).collect();
    let starts = join_all(crowd.iter().map(|browser| browser.get("/oauth/sso/start")));
    let meanwhile = async {
        while app.sandbox.sso().log().calls.discovery == 0 {
            sleep(Duration::from_millis(5)).await;
        }
        // A provider takes longer to fail than the pause after a failure.
        app.clock.advance(Duration::from_secs(10));
        app.signed_in().await;
        assert_eq!(app.anonymous().get("/health/ready").await.status, 200);
    };
    let both = async { tokio::join!(starts, meanwhile) };
    let (responses, ()) = timeout(TIMEOUT, both).await.unwrap();
    for response in responses {
        assert_eq!(problem(&response), UNAVAILABLE);
    }
    assert_eq!(app.sandbox.sso().log().calls.discovery, 1);
}

#[tokio::test]
async fn a_crowd_whose_codes_no_one_redeems_stops_no_one_else() {
    let app = app_that_waits(TokenFailure::Slow).await;
    let crowd: Vec<_> = (0..24).map(|_| app.anonymous()).collect();
    let mut backs = Vec::new();
    for browser in &crowd {
        backs.push(callback_url(&app, browser, "vera-verified").await);
    }
    let pairs = crowd.iter().zip(&backs);
    let responses = join_all(pairs.map(|(browser, back)| browser.get(back)));
    let meanwhile = async { app.signed_in().await };
    let both = async { tokio::join!(responses, meanwhile) };
    let (responses, _) = timeout(TIMEOUT, both).await.unwrap();
    for response in responses {
        assert_eq!(problem(&response), UNAVAILABLE);
    }
    app.sandbox.sso().reset();
    let response = sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    assert_eq!(response.location(), "/account");
}

#[tokio::test]
async fn an_answer_whose_visitor_has_gone_is_over() {
    let app = app_that_waits(TokenFailure::Slow).await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let cookie = browser.cookie("latchkey-oauth").unwrap();
    let request = browser.client.get(&back);
    let request = request.header("cookie", format!("latchkey-oauth={cookie}"));
    let is_asked = async {
        while app.sandbox.sso().log().calls.token == 0 {
            sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        response = request.send() => panic!("answered: {response:?}"),
        () = is_asked => {}
    }
    app.sandbox.sso().reset();
    assert_eq!(browser.get(&back).await.status, 400);
    assert_eq!(identities(&app).await, 0);
    let response = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(response.location(), "/account");
}
