//! Text with the character NUL, which PostgreSQL cannot store, is invalid input and no error of the server.

use crate::harness::{GOOD_PASSWORD, TestApp};

/// Every form, with values that would otherwise be accepted.
const FORMS: [(&str, &[(&str, &str)]); 6] = [
    (
        "/login",
        &[
            ("email", "demo@latchkey.localhost"),
            ("password", "correct horse battery staple"),
            ("next", "/account"),
        ],
    ),
    (
        "/register",
        &[
            ("email", "ada@example.test"),
            ("display_name", "Ada"),
            ("password", GOOD_PASSWORD),
            ("attempt", "an-attempt"),
        ],
    ),
    ("/forgot-password", &[("email", "demo@latchkey.localhost")]),
    (
        "/reset-password",
        &[("token", "a-token"), ("new_password", GOOD_PASSWORD)],
    ),
    ("/verify-email", &[("token", "a-token")]),
    ("/continue", &[("chatBoxId", "cb_demo")]),
];

const PAGES: [&str; 5] = [
    "/login?chatBoxId=cb_demo%00",
    "/oauth/sso/callback?code=a%00&state=b%00",
    "/verify-email?token=%00",
    "/reset-password?token=%00",
    "/admin/visitors?q=%00",
];

#[tokio::test]
async fn a_form_with_a_nul_is_invalid() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for (path, fields) in FORMS {
        for spoiled in 0..fields.len() {
            let value = format!("{}\0", fields[spoiled].1);
            let mut form = fields.to_vec();
            form[spoiled].1 = &value;
            let response = dana.post(path, &form).await;
            assert!(
                response.status < 500,
                "{path} {}: {}",
                fields[spoiled].0,
                response.body
            );
        }
    }
}

#[tokio::test]
async fn a_query_with_a_nul_is_invalid() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for path in PAGES {
        let response = dana.get(path).await;
        assert!(response.status < 500, "{path}: {}", response.body);
    }
}
