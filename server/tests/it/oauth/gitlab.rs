//! GitLab, with the claims in its documentation.

use serde_json::json;

use super::issuer::Issuer;
use crate::harness::TestApp;

#[tokio::test]
async fn gitlab_signs_in_who_has_a_proved_address() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_gitlab()).await;
    let browser = app.anonymous();
    let claims = json!({
        "sub": "4711", "name": "Ada Lovelace", "nickname": "ada", "preferred_username": "ada",
        "email": "ada@example.test", "email_verified": true, "profile": "https://gitlab.com/ada",
        "picture": "https://secure.gravatar.com/avatar/1", "groups_direct": ["engine"],
    });
    let response = issuer.signs_in(&app, &browser, "gitlab", &claims).await;
    assert_eq!(response.location(), "/account");
    assert!(browser.get("/account").await.body.contains("Ada Lovelace"));
}
