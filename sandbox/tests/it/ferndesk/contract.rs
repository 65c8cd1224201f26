//! The two generations of the contract.

use serde_json::{Value, json};

use super::{dana, dana_with, invalid_token, requires_a_token, signed};
use crate::harness::{Reply, Sandbox};

async fn call(contract: &str, parameter: &str, claims: &Value) -> Reply {
    let sandbox = Sandbox::start().await;
    sandbox
        .change_ferndesk(&json!({ "contract": contract }))
        .await;
    let call = json!({ "widgetId": "wg_demo", parameter: signed(claims) });
    Reply::of(sandbox.identify(&call)).await
}

#[tokio::test]
async fn a_token_with_both_ids_suits_both_generations() {
    for (contract, parameter) in [
        ("classic", "token"),
        ("current", "jwt"),
        ("both", "token"),
        ("both", "jwt"),
    ] {
        let reply = call(contract, parameter, &dana()).await;
        assert_eq!(reply.status, 200, "{contract} {parameter}");
    }
}

#[tokio::test]
async fn a_token_under_the_other_generations_name_is_no_token() {
    for (contract, parameter) in [("classic", "jwt"), ("current", "token")] {
        let reply = call(contract, parameter, &dana()).await;
        assert_eq!(reply.refusal(), requires_a_token(), "{contract}");
    }
}

#[tokio::test]
async fn each_generation_has_its_own_claim_for_the_id() {
    for (contract, parameter, claim) in [
        ("classic", "token", "userId"),
        ("current", "jwt", "sub"),
        ("both", "token", "userId"),
        ("both", "jwt", "sub"),
    ] {
        let reply = call(contract, parameter, &dana_with(claim, Value::Null)).await;
        assert_eq!(reply.refusal(), invalid_token(), "{contract} {claim}");
    }
}
