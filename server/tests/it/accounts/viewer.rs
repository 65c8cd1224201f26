//! `GET /api/viewer`: what the site's pages learn about the signed-in user.

use serde_json::Value;

use crate::harness::TestApp;

#[tokio::test]
async fn no_one_is_null_and_no_error() {
    let app = TestApp::start().await;
    let response = app.anonymous().get("/api/viewer").await;
    assert_eq!((response.status, response.json()), (200, Value::Null));
    assert!(response.set_cookies().is_empty());
    assert_eq!(response.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_user_is_told_by_id_and_name_and_no_more_after_signing_out() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let viewer = browser.get("/api/viewer").await.json();
    assert_eq!(viewer["displayName"], "Dana Demo");
    assert_eq!(viewer["uid"].as_str().map(str::len), Some(32));
    assert_eq!(viewer.as_object().map(serde_json::Map::len), Some(2));
    browser.post("/logout", &[]).await;
    assert_eq!(browser.get("/api/viewer").await.json(), Value::Null);
}
