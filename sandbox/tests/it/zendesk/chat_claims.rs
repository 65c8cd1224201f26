//! The claims of a Chat token.

use std::time::Duration;

use sandbox::zendesk::SettingsChange;
use serde_json::{Value, json};

use super::client::{chat_token, dana, dana_with, dana_without};
use crate::harness::{NOW, Sandbox};

/// Expects that the claims are refused and that no visitor is created, and returns the refusal's details.
async fn refused(claims: &Value, code: &str) -> String {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.trade(&chat_token(claims)).await;
    assert_eq!(reply.refusal(), (401, code.to_owned()), "{claims}");
    assert!(sandbox.running.zendesk().visitors().is_empty());
    assert_eq!(sandbox.last_outcome(), code);
    reply.json()["details"].as_str().unwrap().to_owned()
}

async fn accepted(claims: &Value) {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.trade(&chat_token(claims)).await;
    assert_eq!(reply.status, 200, "{claims}: {}", reply.body);
}

#[tokio::test]
async fn name_email_and_external_id_must_be_non_empty_strings() {
    for claim in ["name", "email", "external_id"] {
        let details = refused(&dana_without(claim), "invalid_claim").await;
        assert_eq!(details, format!("{claim} is required."));
        for wrong in [json!(null), json!(7), json!(true), json!(["x"]), json!({})] {
            let details = refused(&dana_with(claim, wrong), "invalid_claim").await;
            assert_eq!(details, format!("{claim} must be a string."));
        }
        for empty in ["", "  "] {
            let details = refused(&dana_with(claim, json!(empty)), "invalid_claim").await;
            assert_eq!(details, format!("{claim} must not be empty."));
        }
    }
}

#[tokio::test]
async fn an_email_is_ascii_and_has_both_of_its_sides() {
    for email in ["dána@example.com", "dana@exämple.com", "dana", "@b", "a@"] {
        refused(&dana_with("email", json!(email)), "invalid_claim").await;
    }
    accepted(&dana_with("name", json!("Dána Dëmo"))).await;
}

#[tokio::test]
async fn iat_is_required_and_a_whole_number() {
    refused(&dana_without("iat"), "invalid_claim").await;
    let wrong = [
        json!(null),
        json!(NOW.to_string()),
        json!(1_800_000_000.5),
        json!(-1),
        json!(1e30),
        json!([NOW]),
    ];
    for wrong in wrong {
        refused(&dana_with("iat", wrong), "invalid_claim").await;
    }
}

#[tokio::test]
async fn iat_may_be_two_minutes_off_and_not_a_second_more() {
    for iat in [NOW - 120, NOW + 120] {
        accepted(&dana_with("iat", json!(iat))).await;
    }
    for iat in [NOW - 121, NOW + 121, 0, u64::MAX] {
        refused(&dana_with("iat", json!(iat)), "iat_out_of_range").await;
    }
}

#[tokio::test]
async fn milliseconds_are_called_milliseconds() {
    let mut claims = dana_with("iat", json!(NOW * 1000));
    claims["exp"] = json!((NOW + 300) * 1000);
    let details = refused(&claims, "iat_out_of_range").await;
    assert!(details.contains("milliseconds"), "{details}");
    refused(&dana_with("exp", json!((NOW + 300) * 1000)), "exp_too_far").await;
}

#[tokio::test]
async fn exp_is_optional_and_a_whole_number() {
    accepted(&dana_without("exp")).await;
    let wrong = [
        json!(null),
        json!((NOW + 300).to_string()),
        json!(1_800_000_300.5),
        json!(-1),
        json!(1e30),
    ];
    for wrong in wrong {
        refused(&dana_with("exp", wrong), "invalid_claim").await;
    }
}

#[tokio::test]
async fn exp_lies_ahead_and_at_most_seven_minutes_after_iat() {
    accepted(&dana_with("exp", json!(NOW + 420))).await;
    accepted(&dana_with("exp", json!(NOW + 1))).await;
    for exp in [0, NOW - 1, NOW] {
        refused(&dana_with("exp", json!(exp)), "expired").await;
    }
    for exp in [NOW + 421, u64::MAX] {
        refused(&dana_with("exp", json!(exp)), "exp_too_far").await;
    }
    let mut early = dana_with("iat", json!(NOW - 100));
    early["exp"] = json!(NOW + 321);
    refused(&early, "exp_too_far").await;
}

#[tokio::test]
async fn a_token_grows_old() {
    let sandbox = Sandbox::start().await;
    let token = chat_token(&dana_without("exp"));
    sandbox.clock.advance(Duration::from_secs(120));
    assert_eq!(sandbox.trade(&token).await.status, 200);
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(
        sandbox.trade(&token).await.refusal(),
        (401, "iat_out_of_range".to_owned())
    );
}

#[tokio::test]
async fn a_clock_that_is_off_refuses_right_tokens() {
    let sandbox = Sandbox::start().await;
    for (offset, status) in [(-121, 401), (-120, 200), (0, 200), (120, 200), (121, 401)] {
        sandbox.running.zendesk().change(&SettingsChange {
            clock_offset_seconds: Some(offset),
            ..SettingsChange::default()
        });
        let reply = sandbox.trade(&chat_token(&dana())).await;
        assert_eq!(reply.status, status, "{offset}");
    }
}
