//! The tokens for Chat and Messaging, with the sandbox's Zendesk.

mod admin;
mod own_login;
mod tokens;
mod users;
mod visitors;
mod xsolla;

use std::path::Path;

use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use reqwest::Method;
use sandbox::Running;
use serde_json::{Value, json};

use super::readable::{self, Readable};
use crate::harness::{Browser, Response, TestApp};

const CHAT: &str = "/generate/token";
const MESSAGING: &str = "/api/zendesk/messaging-token";

const STRANGER: &str = r#"{"code":"00-00","description":"Token not passed"}"#;

/// Settings that turn Zendesk off.
pub const OFF: &[(&str, &str)] = &[
    ("ZENDESK_CHAT_SECRET", ""),
    ("ZENDESK_CHAT_API_TOKEN", ""),
    ("ZENDESK_MESSAGING_KEY_ID", ""),
    ("ZENDESK_MESSAGING_SECRET", ""),
];

pub const SECRETS: &[&str] = &[
    "zendesk-chat-demo-secret-not-for-production",
    "zendesk-messaging-demo-secret-not-for-production",
    "zendesk-demo-api-token-not-for-production",
];

const fn endpoint(path: &'static str) -> Readable {
    Readable {
        path,
        stranger: STRANGER,
        off: OFF,
    }
}

pub const READABLE: &[Readable] = &[
    endpoint(CHAT),
    endpoint("/api/zendesk/token"),
    endpoint(MESSAGING),
];

/// Settings that turn Zendesk on.
pub fn settings(sandbox: &Running, _: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("ZENDESK_CHAT_SECRET", SECRETS[0].to_owned()),
        ("ZENDESK_CHAT_API_URL", format!("{}/zendesk", sandbox.url())),
        ("ZENDESK_CHAT_API_TOKEN", SECRETS[2].to_owned()),
        ("ZENDESK_MESSAGING_KEY_ID", "app_demo".to_owned()),
        ("ZENDESK_MESSAGING_SECRET", SECRETS[1].to_owned()),
    ]
}

/// None: the tokens are signed here.
pub fn exchanges(_: &TestApp) -> usize {
    0
}

/// Requests a Chat token with an upstream login's token, and with the browser's session, if it has one.
async fn ask_with(browser: &Browser, token: &str) -> Response {
    browser.set_cookie("token", token);
    readable::ask(browser, CHAT).await
}

/// The token in a successful response.
fn token(response: &Response) -> String {
    assert_eq!(response.status, 200, "{}", response.body);
    response.json()["token"].as_str().unwrap().to_owned()
}

/// The claims, after checking the signature.
fn claims(response: &Response, secret: &str) -> Value {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret.as_bytes()).unwrap();
    decode(token(response), &key, &validation).unwrap().claims
}

#[track_caller]
fn assert_refused(response: &Response, status: u16, code: &str) {
    assert_eq!(
        (response.status, &response.json()["code"]),
        (status, &json!(code)),
        "{}",
        response.body
    );
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("cache-control"), "no-store");
}

/// Sends a token to Chat, as its Web SDK does.
async fn chat_says(app: &TestApp, response: &Response) -> Response {
    let browser = app.anonymous();
    let url = format!("{}/zendesk/authenticated/web/jwt", app.sandbox.url());
    let token = token(response);
    let form = [
        ("account_key", "zendesk-demo-account-key"),
        ("token", &token),
        ("format", "json"),
    ];
    browser
        .send(browser.request(Method::POST, &url).form(&form))
        .await
}

/// Sends a token to Messaging, as the messenger does.
async fn messaging_says(app: &TestApp, response: &Response) -> Response {
    let browser = app.anonymous();
    let url = format!("{}/zendesk/messaging/login", app.sandbox.url());
    let body = json!({ "jwt": token(response) });
    browser
        .send(browser.request(Method::POST, &url).json(&body))
        .await
}
