//! Golden user JWTs with the results of three independent libraries, recorded beside the server's code.

use serde_json::Value;

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
        match row["verdict"].as_str().unwrap() {
            "taken" => assert_eq!(reply.status, 204, "{}", row["name"]),
            "refused" => assert!(reply.status >= 400, "{}", row["name"]),
            _ => {}
        }
    }
}
