//! Golden tokens, signed by an independent library and recorded beside the server's code.

use serde_json::Value;

use super::invalid_token;
use crate::harness::Sandbox;

const GOLDEN: &str = include_str!("../../../../server/src/vendors/ferndesk/golden.json");

#[tokio::test]
async fn the_tokens_of_another_library_identify() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let users = golden["given"]["users"].as_array().unwrap();
    let tokens = golden["made"]["tokens"].as_array().unwrap();
    assert_eq!(users.len(), tokens.len());
    let sandbox = Sandbox::start().await;
    for (user, token) in users.iter().zip(tokens) {
        let token = token.as_str().unwrap();
        let reply = sandbox.identified_by(token).await;
        assert_eq!(reply.status, 200, "{}", reply.body);
        assert_eq!(reply.json()["email"], user["email"]);
        assert_eq!(reply.json()["name"], user["name"]);
        let shorter = &token[..token.len() - 1];
        assert_eq!(
            sandbox.identified_by(shorter).await.refusal(),
            invalid_token()
        );
    }
}
