//! The credential endpoint, against the sandbox and against vendors that the sandbox does not play.

mod access;
mod credential;
mod failures;
mod protocol;
mod requests;

use std::path::Path;

use sandbox::Running;

use super::readable::Readable;
use crate::harness::{Answer, Browser, Reply, TestApp};

const PATH: &str = "/api/knoon/credentials";

/// What turns Knoon off.
pub const OFF: &[(&str, &str)] = &[("KNOON_ORG_ID", ""), ("KNOON_API_KEY", "")];

/// The API key, and what Basic authentication makes of it.
pub const SECRETS: &[&str] = &[
    "knoon-demo-key-not-for-production",
    "b3JnX2RlbW86a25vb24tZGVtby1rZXktbm90LWZvci1wcm9kdWN0aW9u",
];

/// Only pages of the login ask.
pub const READABLE: &[Readable] = &[];

/// What turns Knoon on.
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

/// The vendor's good answer for the demo's chat box.
fn granted() -> Reply {
    Reply::json(
        200,
        r#"{"data":{"jwt":"a.b.c","expiresAt":4000000000,"chatBoxId":"cb_demo"}}"#,
    )
}

/// Asks as the popup's last page does.
async fn ask(browser: &Browser, chat_box_id: &str) -> Answer {
    let body = format!(r#"{{"chatBoxId":"{chat_box_id}"}}"#);
    browser.post_json(PATH, &body).await
}

/// An answer without a credential: its status, and its word and nothing else.
#[track_caller]
fn assert_refused(answer: &Answer, status: u16, word: &str) {
    let body = format!(r#"{{"status":"{word}"}}"#);
    assert_eq!((answer.status, &answer.body), (status, &body));
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
}
