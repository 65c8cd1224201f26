//! User JWTs with the verdicts of three independent libraries; they are recorded beside the server's code.

use serde_json::{Value, json};

use crate::harness::Sandbox;

const GOLDEN: &str = include_str!("../../../../server/src/vendors/xsolla/golden.json");

#[tokio::test]
async fn what_every_library_says_of_a_token_the_project_says_too() {
    let golden: Value = serde_json::from_str(GOLDEN).unwrap();
    let sandbox = Sandbox::start().await;
    for row in golden["made"]["tokens"].as_array().unwrap() {
        let reply = sandbox
            .xsolla_validate(row["token"].as_str().unwrap())
            .await;
        let refused_by = &row["refusedBy"];
        if *refused_by == json!([]) {
            assert_eq!(reply.status, 204, "{}", row["name"]);
        } else if *refused_by == json!(["jsonwebtoken", "jose", "PyJWT"]) {
            assert!(reply.status >= 400, "{}", row["name"]);
        }
    }
}
