//! Xsolla Login, whose users other vendors accept. It has no endpoint of its own to test.

use std::path::Path;

use sandbox::Running;

use super::readable::Readable;
use crate::harness::TestApp;

/// Settings that turn Xsolla Login off.
pub const OFF: &[(&str, &str)] = &[("XSOLLA_LOGIN_PROJECT_ID", ""), ("XSOLLA_LOGIN_SECRET", "")];

pub const SECRETS: &[&str] = &["xsolla-demo-secret-not-for-production"];

/// None: it has no endpoint of its own.
pub const READABLE: &[Readable] = &[];

/// Settings that turn Xsolla Login on.
pub fn settings(sandbox: &Running, _: &Path) -> Vec<(&'static str, String)> {
    vec![
        (
            "XSOLLA_LOGIN_PROJECT_ID",
            sandbox.xsolla().project_id().to_owned(),
        ),
        ("XSOLLA_LOGIN_SECRET", SECRETS[0].to_owned()),
        (
            "XSOLLA_LOGIN_API_URL",
            format!("{}/xsolla/api", sandbox.url()),
        ),
    ]
}

/// None: it issues no credentials.
pub fn exchanges(_: &TestApp) -> usize {
    0
}
