//! Signing in through identity providers: the sandbox's, and fakes of the real ones.

mod algorithms;
mod apple;
mod causes;
mod claims;
mod client_secret;
mod connect;
mod fake;
mod faults;
mod finish_account;
mod github;
mod gitlab;
mod google_and_microsoft;
mod hops;
mod issuer;
mod issuers;
mod keys;
pub mod linking;
mod linking_races;
mod misfits;
mod mix_up;
mod outages;
mod parameters;
mod personas;
mod responses;
mod secrets;
pub mod unreadable;
mod userinfo;
mod xsolla;
mod xsolla_jwt;

use std::collections::BTreeMap;

use reqwest::Method;
use url::Url;

use crate::harness::{Browser, Response, TestApp};

/// The two demo users, who exist besides those that providers sign up.
const DEMO_USERS: i64 = 2;

/// Presses "Continue with Example SSO", chooses a persona there, and returns.
pub async fn sign_in_as(app: &TestApp, browser: &Browser, persona: &str) -> Response {
    let back = callback_url(app, browser, persona).await;
    browser.get(&back).await
}

/// The same up to the provider's last redirect, which is not followed.
async fn callback_url(app: &TestApp, browser: &Browser, persona: &str) -> String {
    let url = begin(browser, "/oauth/sso/start").await;
    choose(app, &url, persona).await
}

/// The URL to which `start` redirects.
pub async fn begin(browser: &Browser, start: &str) -> Url {
    let response = browser.get(start).await;
    assert_eq!(response.status, 303, "{}", response.body);
    Url::parse(response.location()).unwrap_or_else(|_| panic!("not away: {}", response.location()))
}

/// Chooses a persona on the sandbox's page, and returns the URL that it redirects to.
pub async fn choose(app: &TestApp, url: &Url, persona: &str) -> String {
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("choice".to_owned(), persona.to_owned()));
    let provider = Browser::new(app.sandbox.http);
    let authorize = format!("{}/authorize", app.sandbox.sso().issuer());
    let request = provider.request(Method::POST, &authorize);
    let request = request
        .header("origin", app.sandbox.url())
        .header("sec-fetch-site", "same-origin")
        .form(&form);
    let response = provider.send(request).await;
    assert_eq!(response.status, 303, "{}", response.body);
    response.location().to_owned()
}

/// A query parameter of a URL; empty if it is missing.
fn query(url: &Url, name: &str) -> String {
    let parameters: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    parameters.get(name).cloned().unwrap_or_default()
}

/// A URL with a query parameter changed or removed.
fn with_parameter(url: &str, name: &str, value: Option<&str>) -> String {
    let mut url = Url::parse(url).unwrap();
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(other, _)| other != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    url.query_pairs_mut()
        .clear()
        .extend_pairs(others)
        .extend_pairs(value.map(|value| (name, value)));
    url.into()
}

/// The problem in a redirect to the login page, or the status of any other response.
fn problem(response: &Response) -> String {
    let location = response.location();
    let is_login = response.status == 303 && location.starts_with("/login?");
    let word = location.split_once("problem=");
    match word.filter(|_| is_login) {
        Some((_, word)) => word.to_owned(),
        None => format!("{} {location}", response.status),
    }
}

/// Asserts that no one is signed in, and that no account and no sign-in method was added.
async fn assert_no_one(app: &TestApp, browser: &Browser, what: &str) {
    assert!(!browser.is_signed_in().await, "{what} signs in");
    let sessions = "SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL";
    assert_eq!(app.count(sessions).await, 0, "{what}");
    assert_eq!(users(app).await, DEMO_USERS, "{what}");
    assert_eq!(identities(app).await, 0, "{what}");
}

pub async fn users(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM users").await
}

pub async fn identities(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM identities").await
}
