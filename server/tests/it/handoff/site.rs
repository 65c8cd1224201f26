//! The demo's site: embeds the chat boxes, signs out at the login, and renders nothing about its visitors.

use super::vendor;
use crate::harness::TestApp;

#[tokio::test]
async fn the_site_embeds_its_chat_boxes_and_the_openers_script() {
    let app = TestApp::start().await;
    let page = app
        .anonymous()
        .get(&format!("{}/", app.site_origin()))
        .await;
    assert_eq!(page.status, 200);
    let script = format!("src=\"{}/latchkey.js\"", app.login_origin());
    let widget = format!("{}{}", app.sandbox.url(), vendor().widget_path);
    let sign_out = format!("action=\"{}/logout\"", app.login_origin());
    for part in [&script, &widget, &sign_out, "cb_demo", "cb_partner"] {
        assert!(page.body.contains(part), "{part} is not in {}", page.body);
    }
}

#[tokio::test]
async fn the_site_never_says_who_is_signed_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let page = browser.get(&format!("{}/", app.site_origin())).await;
    assert!(page.set_cookies().is_empty());
    assert!(!page.body.contains("Dana Demo") && !page.body.contains("demo@"));
}

#[tokio::test]
async fn without_a_sandbox_there_is_no_demo_site() {
    let app = TestApp::start_with(&[("LATCHKEY_SANDBOX_URL", "")]).await;
    let page = app
        .anonymous()
        .get(&format!("{}/", app.site_origin()))
        .await;
    assert_eq!(page.status, 404);
}
