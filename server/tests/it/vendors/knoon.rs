//! KNO and CRD: the credential endpoint against the sandbox.

use crate::harness::TestApp;

#[tokio::test]
async fn kno_01_a_signed_in_user_gets_the_vendors_credential() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let answer = browser
        .post_json("/api/knoon/credentials", r#"{"chatBoxId":"cb_demo"}"#)
        .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let body = answer.json();
    assert_eq!(body["status"], "ok");
    assert_eq!(body["data"]["domain"], ".latchkey.localhost");
    assert_eq!(body["data"]["chatBoxId"], "cb_demo");
    assert!(
        body["data"]["jwt"]
            .as_str()
            .is_some_and(|jwt| jwt.split('.').count() == 3)
    );
}
