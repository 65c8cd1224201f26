//! The hand-off after a sign-in through an identity provider.

use crate::{harness::TestApp, oauth};

#[tokio::test]
async fn after_a_provider_the_popups_last_page_has_everything_it_began_with() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let start = "/oauth/sso/start?chatBoxId=cb_demo&receipt=1";
    let url = oauth::begin(&browser, start).await;
    let back = oauth::choose(&app, &url, "vera-verified").await;
    let response = browser.get(&back).await;
    let page = browser.get(response.location()).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("data-receipt=\"1\"") && page.body.contains("cb_demo"));
    assert_eq!(browser.credential("cb_demo").await.status, 200);
}
