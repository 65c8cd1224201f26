//! PWD: signing in with a password.

use crate::harness::{DANA, PASSWORD, TestApp};

#[tokio::test]
async fn pwd_01_the_right_password_begins_a_session() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let answer = browser.sign_in(DANA, PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/account"));
    let cookie = answer.set_cookies()[0];
    assert!(cookie.starts_with("__Host-latchkey="), "{cookie}");
    assert!(browser.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn pwd_02_a_wrong_password_is_refused_with_one_generic_text() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let wrong = browser.sign_in(DANA, "correct horse battery stable").await;
    let unknown = browser.sign_in("nobody@latchkey.localhost", PASSWORD).await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert!(wrong.set_cookies().is_empty());
    assert!(!browser.is_signed_in().await);
}
