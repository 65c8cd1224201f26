//! What becomes of each of the sandbox's personas.

use super::sign_in_as;
use crate::harness::TestApp;

#[tokio::test]
async fn somebody_with_a_proved_address_gets_an_account_at_once() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let answer = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/account"),
        "{}",
        answer.body
    );
    let page = browser.get("/account").await.body;
    assert!(page.contains("vera@people.example"), "{page}");
    assert_eq!(app.count("SELECT COUNT(*) FROM identities").await, 1);
}
