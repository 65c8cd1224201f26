//! Golden tokens, signed by an independent library and recorded beside the server's code.

use serde_json::Value;

use crate::harness::Sandbox;

const GOLDEN: &str = include_str!("../../../../server/src/vendors/zendesk/golden.json");

#[tokio::test]
async fn the_tokens_of_another_library_pass_on_both_sides() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let made = |side: &str| golden["made"][side].as_array().unwrap().clone();
    let sandbox = Sandbox::start().await;
    for token in made("chat") {
        let token = token.as_str().unwrap();
        assert_eq!(sandbox.trade(token).await.status, 200);
        assert_eq!(sandbox.trade(&token[..token.len() - 1]).await.status, 401);
        assert_eq!(sandbox.messaging(token).await.status, 401);
    }
    for token in made("messaging") {
        let token = token.as_str().unwrap();
        assert_eq!(sandbox.messaging(token).await.status, 200);
        let shorter = &token[..token.len() - 1];
        assert_eq!(sandbox.messaging(shorter).await.status, 401);
        assert_eq!(sandbox.trade(token).await.status, 401);
    }
}
