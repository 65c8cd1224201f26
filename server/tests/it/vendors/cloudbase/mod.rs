//! The ticket, and whether the sandbox's gateway accepts it.

mod rotation;
mod ticket;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use sandbox::{Running, cloudbase::PemForm};
use serde_json::{Value, json};

use super::readable::{Readable, ask};
use crate::harness::{Browser, Response, TestApp};

const PATH: &str = "/api/cloudbase/ticket";

/// Settings that turn CloudBase off.
pub const OFF: &[(&str, &str)] = &[("CLOUDBASE_KEY_FILE", "")];

/// None: the private key is the sandbox's, and new in each run.
pub const SECRETS: &[&str] = &[];

pub const READABLE: &[Readable] = &[Readable {
    path: PATH,
    stranger: r#"{"error":"Not authenticated"}"#,
    off: OFF,
}];

/// Settings that turn CloudBase on: the key file, as an administrator would download it.
pub fn settings(sandbox: &Running, folder: &Path) -> Vec<(&'static str, String)> {
    let file = folder.join("tcb_custom_login.json");
    download(sandbox, &file, PemForm::Pkcs8);
    vec![("CLOUDBASE_KEY_FILE", file.display().to_string())]
}

pub fn exchanges(app: &TestApp) -> usize {
    app.sandbox.cloudbase().exchanges().len()
}

/// Writes the sandbox's current key to a file.
fn download(sandbox: &Running, file: &Path, form: PemForm) {
    fs::write(file, sandbox.cloudbase().key_file(form).unwrap()).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

/// The ticket of the signed-in user.
async fn ticket(browser: &Browser) -> String {
    let response = ask(browser, PATH).await;
    assert_eq!(response.status, 200, "{}", response.body);
    response.json()["ticket"].as_str().unwrap().to_owned()
}

/// The gateway's response to a ticket, sent as the browser SDK does.
async fn exchange(app: &TestApp, ticket: &str) -> Response {
    let browser = app.anonymous();
    let env = app.sandbox.cloudbase().env_id();
    let url = format!(
        "{}/auth/v1/signin/custom?client_id={env}",
        app.sandbox.url()
    );
    let body = json!({ "provider_id": "custom", "ticket": ticket }).to_string();
    let request = browser
        .client
        .post(url)
        .header("content-type", "text/plain;charset=UTF-8");
    browser.send(request.body(body)).await
}

/// The platform's user for a ticket.
async fn platform_user(app: &TestApp, ticket: &str) -> Value {
    let response = exchange(app, ticket).await.json();
    assert!(response.get("error").is_none(), "{response}");
    response["sub"].clone()
}
