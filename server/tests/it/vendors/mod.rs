//! The vendors' credential endpoints, and the settings that lead to their sandbox.

mod knoon;

use sandbox::Running;

use crate::harness::TestApp;

/// What turns every vendor off.
pub const OFF: [(&str, &str); 2] = knoon::OFF;

/// What nobody outside the server may ever see.
pub const SECRETS: [&str; 2] = knoon::SECRETS;

/// What turns every vendor on.
pub fn settings(sandbox: &Running) -> Vec<(&'static str, String)> {
    knoon::settings(sandbox).into()
}

/// How often a vendor was asked for a credential.
pub fn exchanges(app: &TestApp) -> usize {
    app.sandbox.knoon().exchanges().len()
}
