//! The vendors' credential endpoints, and the settings that lead to their sandbox.

mod cloudbase;
mod ferndesk;
mod knoon;
mod recipes;
mod recipes_command;
mod xsolla;
mod zendesk;

mod readable;
mod session_end;
mod showcases;

use std::path::Path;

use sandbox::Running;

use self::readable::Readable;
use crate::harness::{Browser, Response, TestApp};

macro_rules! vendors {
    ($($name:ident,)+) => {
        /// Settings that turn every vendor off.
        pub fn off() -> Vec<(&'static str, &'static str)> {
            [$( $name::OFF, )+].concat()
        }

        /// The secrets that must never leave the server.
        pub fn secrets() -> Vec<&'static str> {
            [$( $name::SECRETS, )+].concat()
        }

        /// The endpoints that pages of the site may read.
        fn readable() -> Vec<Readable> {
            [$( $name::READABLE, )+].concat()
        }

        /// Settings that turn every vendor on. Files that a server needs are written to `folder`.
        pub fn settings(sandbox: &Running, folder: &Path) -> Vec<(&'static str, String)> {
            [$( $name::settings(sandbox, folder), )+].concat()
        }

        /// How often vendors were asked for a credential.
        pub fn exchanges(app: &TestApp) -> usize {
            [$( $name::exchanges(app), )+].into_iter().sum()
        }
    };
}

vendors! {
    knoon,
    ferndesk,
    cloudbase,
    xsolla,
    zendesk,
    recipes,
}

/// Requests every endpoint that pages of the site may read, as a page of the login.
pub async fn credentials(browser: &Browser) -> Vec<Response> {
    let mut responses = Vec::new();
    for endpoint in readable() {
        responses.push(browser.get(endpoint.path).await);
    }
    responses
}

/// Asserts that all of them respond with this status.
pub async fn all_answer(browser: &Browser, status: u16) {
    for response in credentials(browser).await {
        assert_eq!(response.status, status, "{}", response.body);
    }
}
