//! The credential endpoint, with the sandbox and with vendors in cases that the sandbox does not cover.

mod access;
mod credential;
mod failures;
mod protocol;
mod requests;
mod session_ends;

use std::path::Path;

use sandbox::Running;

use super::readable::Readable;
use crate::harness::{Browser, Reply, Response, TestApp};

const PATH: &str = "/api/knoon/credentials";

/// Settings that turn Knoon off.
pub const OFF: &[(&str, &str)] = &[("KNOON_ORG_ID", ""), ("KNOON_API_KEY", "")];

/// The API key, and its encoding in Basic authentication.
pub const SECRETS: &[&str] = &[
    "knoon-demo-key-not-for-production",
    "b3JnX2RlbW86a25vb24tZGVtby1rZXktbm90LWZvci1wcm9kdWN0aW9u",
];

/// None: only pages of the login may request credentials.
pub const READABLE: &[Readable] = &[];

/// Settings that turn Knoon on.
pub fn settings(sandbox: &Running, _: &Path) -> Vec<(&'static str, String)> {
    vec![
        ("KNOON_ORG_ID", "org_demo".to_owned()),
        ("KNOON_API_KEY", SECRETS[0].to_owned()),
        ("KNOON_API_URL", format!("{}/knoon", sandbox.url())),
    ]
}

pub fn exchanges(app: &TestApp) -> usize {
    app.sandbox.knoon().exchanges().len()
}

/// The vendor's successful response for the demo's chat box.
fn granted() -> Reply {
    Reply::json(
        200,
        r#"{"data":{"jwt":"a.b.c","expiresAt":4000000000,"chatBoxId":"cb_demo"}}"#,
    )
}

/// Requests a credential as the popup's last page does.
async fn ask(browser: &Browser, chat_box_id: &str) -> Response {
    let body = format!(r#"{{"chatBoxId":"{chat_box_id}"}}"#);
    browser.post_json(PATH, &body).await
}

/// Asserts that a response has this status, and nothing but this `status` in its body.
#[track_caller]
fn assert_refused(response: &Response, status: u16, word: &str) {
    let body = format!(r#"{{"status":"{word}"}}"#);
    assert_eq!((response.status, &response.body), (status, &body));
    assert_eq!(response.header("content-type"), "application/json");
    assert_eq!(response.header("cache-control"), "no-store");
}
