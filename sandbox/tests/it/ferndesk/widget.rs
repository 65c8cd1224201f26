//! What the embedded widget loads.

use serde_json::json;

use crate::harness::Sandbox;

#[tokio::test]
async fn any_page_may_embed_the_script() {
    let sandbox = Sandbox::start().await;
    sandbox.assert_embeddable("/ferndesk/sdk.js").await;
}

#[tokio::test]
async fn a_widget_lists_the_help_centers_articles() {
    let sandbox = Sandbox::start().await;
    let help_origin = sandbox.running.ferndesk().help_origin().clone();
    let reply = sandbox.get("/ferndesk/api/widgets/wg_demo").await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    let widget = reply.json();
    assert_eq!(widget["helpCenterUrl"], json!(help_origin.as_str()));
    let first = &widget["articles"][0];
    assert_eq!(first["title"], json!("Getting started"));
    assert_eq!(
        first["url"],
        json!(format!("{help_origin}/articles/getting-started"))
    );
}

#[tokio::test]
async fn an_unknown_widget_is_not_found() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.get("/ferndesk/api/widgets/wg_other").await;
    assert_eq!(reply.refusal(), (404, "unknown widget".to_owned()));
    assert_eq!(reply.header("access-control-allow-origin"), "*");
}
