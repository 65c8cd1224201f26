//! Tokens with one fault each.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use sandbox::ferndesk::Outcome;
use serde_json::{Value, json};

use super::{SECRET, dana, dana_with, invalid_token, signed, signed_with};
use crate::harness::{NOW, Sandbox};

/// Expects that the token is refused and that `outcome` is recorded.
async fn refused_as(outcome: Outcome, token: &str) {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.identified_by(token).await;
    assert_eq!(reply.refusal(), invalid_token(), "{token}");
    let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
    assert_eq!((exchange.outcome, exchange.user_id), (outcome, None));
    assert!(sandbox.running.ferndesk().identified().is_empty());
}

fn encoded(json: &Value) -> String {
    URL_SAFE_NO_PAD.encode(json.to_string())
}

/// Signs the two segments as they are.
fn sealed(header: &str, claims: &str) -> String {
    let signed = format!("{header}.{claims}");
    let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
    let signature = crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{signed}.{signature}")
}

#[tokio::test]
async fn a_token_of_another_secret_is_refused() {
    for secret in [
        "another secret",
        // To HMAC, the same key as an empty one, which the library does not sign with.
        "\0",
        "FERNDESK-DEMO-SECRET-NOT-FOR-PRODUCTION",
    ] {
        let token = signed_with(secret.as_bytes(), Algorithm::HS256, &dana());
        refused_as(Outcome::BadSignature, &token).await;
    }
}

#[tokio::test]
async fn a_changed_claim_breaks_the_signature() {
    let token = signed(&dana());
    let [header, _, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        panic!("three segments");
    };
    let claims = encoded(&dana_with("email", json!("rival@latchkey.localhost")));
    refused_as(
        Outcome::BadSignature,
        &format!("{header}.{claims}.{signature}"),
    )
    .await;
    refused_as(Outcome::BadSignature, &format!("{header}.{claims}.")).await;
}

#[tokio::test]
async fn other_algorithms_are_refused_even_with_the_right_secret() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed_with(SECRET.as_bytes(), algorithm, &dana());
        refused_as(Outcome::WrongAlgorithm, &token).await;
    }
    for alg in [
        json!("none"),
        json!("None"),
        json!("hs256"),
        json!("RS256"),
        json!(["HS256"]),
        json!(""),
        Value::Null,
    ] {
        let header = encoded(&json!({ "alg": alg, "typ": "JWT" }));
        refused_as(Outcome::WrongAlgorithm, &sealed(&header, &encoded(&dana()))).await;
    }
    let header = encoded(&json!({ "alg": "none" }));
    refused_as(
        Outcome::WrongAlgorithm,
        &format!("{header}.{}.", encoded(&dana())),
    )
    .await;
    let header = encoded(&json!({ "typ": "JWT" }));
    refused_as(Outcome::WrongAlgorithm, &sealed(&header, &encoded(&dana()))).await;
}

#[tokio::test]
async fn a_critical_header_that_no_one_knows_is_refused() {
    let header = encoded(&json!({ "alg": "HS256", "crit": ["x"], "x": 1 }));
    refused_as(Outcome::MalformedToken, &sealed(&header, &encoded(&dana()))).await;
}

#[tokio::test]
async fn a_token_of_another_kind_is_refused() {
    let header = encoded(&json!({ "alg": "HS256", "typ": "at+jwt" }));
    refused_as(Outcome::MalformedToken, &sealed(&header, &encoded(&dana()))).await;
}

#[tokio::test]
async fn anything_but_three_segments_is_refused() {
    let token = signed(&dana());
    let (two, _) = token.rsplit_once('.').unwrap();
    for text in [
        "x",
        ".",
        "..",
        "...",
        "eyJhbGciOiJIUzI1NiJ9",
        "{\"error\":\"Not authenticated\"}",
        "<!DOCTYPE html>",
        two,
        &format!("{token}."),
        &format!("{token}.x"),
        &format!(".{token}"),
        &format!("Bearer {token}"),
        &format!("{token}\n"),
        &format!(" {token}"),
    ] {
        refused_as(Outcome::MalformedToken, text).await;
    }
}

#[tokio::test]
async fn segments_that_are_not_canonical_base64url_are_refused() {
    let header = encoded(&json!({ "alg": "HS256" }));
    let claims = encoded(&dana());
    let token = sealed(&header, &claims);
    refused_as(Outcome::MalformedToken, &format!("{token}=")).await;
    let (signed, signature) = token.rsplit_once('.').unwrap();
    // 32 bytes leave two spare bits in the last letter, of which only zeros are canonical.
    let last = signature.chars().last().unwrap();
    let spare = char::from_u32(u32::from(last) + 1).unwrap();
    let loose = format!("{signed}.{}{spare}", &signature[..signature.len() - 1]);
    refused_as(Outcome::MalformedToken, &loose).await;

    let header = json!({ "alg": "HS256", "x": "?????" }).to_string();
    let padded = [&header, &format!("{header} ")].map(|text| URL_SAFE.encode(text));
    let padded = padded.iter().find(|text| text.ends_with('=')).unwrap();
    refused_as(Outcome::MalformedToken, &sealed(padded, &claims)).await;
    let standard = STANDARD_NO_PAD.encode(&header);
    assert!(standard.contains('/'), "{standard}");
    refused_as(Outcome::MalformedToken, &sealed(&standard, &claims)).await;
}

#[tokio::test]
async fn segments_that_hold_no_json_object_are_refused() {
    let header = encoded(&json!({ "alg": "HS256" }));
    for claims in [json!([]), json!("x"), json!(1), Value::Null] {
        refused_as(Outcome::MalformedToken, &sealed(&header, &encoded(&claims))).await;
    }
    let open = URL_SAFE_NO_PAD.encode("{\"userId\":\"u1\"");
    refused_as(Outcome::MalformedToken, &sealed(&header, &open)).await;
    refused_as(
        Outcome::MalformedToken,
        &sealed(&encoded(&json!([])), &encoded(&dana())),
    )
    .await;
}

#[tokio::test]
async fn an_expiry_that_is_past_or_no_number_is_refused() {
    for exp in [
        json!(NOW),
        json!(NOW - 1),
        json!(0),
        json!(-1),
        json!((NOW + 3600).to_string()),
        json!("2027-01-15T09:00:00Z"),
        json!(true),
        json!([NOW + 3600]),
    ] {
        refused_as(Outcome::Expired, &signed(&dana_with("exp", exp))).await;
    }
    let mut claims = dana();
    claims["exp"] = Value::Null;
    refused_as(Outcome::Expired, &signed(&claims)).await;
}

#[tokio::test]
async fn a_token_expires_to_the_second() {
    let sandbox = Sandbox::start().await;
    let token = signed(&dana_with("exp", json!(NOW + 60)));
    assert_eq!(sandbox.identified_by(&token).await.status, 200);
    sandbox.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(
        sandbox.identified_by(&token).await.refusal(),
        invalid_token()
    );
}

#[tokio::test]
async fn required_claims_must_be_non_empty_strings() {
    for claim in ["userId", "email"] {
        for value in [
            Value::Null,
            json!(""),
            json!(" "),
            json!(7),
            json!(["x"]),
            json!({}),
        ] {
            refused_as(Outcome::InvalidClaim, &signed(&dana_with(claim, value))).await;
        }
    }
}

#[tokio::test]
async fn an_email_needs_both_of_its_sides() {
    for email in ["dana", "@latchkey.localhost", "demo@"] {
        let claims = dana_with("email", json!(email));
        refused_as(Outcome::InvalidClaim, &signed(&claims)).await;
    }
}

#[tokio::test]
async fn a_token_with_duplicate_names_is_refused() {
    let twice = |json: &Value, first: &str| {
        URL_SAFE_NO_PAD.encode(json.to_string().replacen('{', first, 1))
    };
    let header = json!({ "alg": "HS256" });
    let claims = twice(&dana(), r#"{"userId":"riva","#);
    refused_as(Outcome::MalformedToken, &sealed(&encoded(&header), &claims)).await;
    let header = twice(&header, r#"{"alg":"none","#);
    refused_as(Outcome::MalformedToken, &sealed(&header, &encoded(&dana()))).await;
}

#[tokio::test]
async fn optional_claims_must_be_of_their_type() {
    for (claim, value) in [
        ("name", json!(7)),
        ("name", json!(["Dana"])),
        ("customAttributes", json!("plan=pro")),
        ("customAttributes", json!(["pro"])),
        ("customAttributes", json!(true)),
    ] {
        refused_as(Outcome::InvalidClaim, &signed(&dana_with(claim, value))).await;
    }
    for claim in ["name", "customAttributes"] {
        let mut claims = dana();
        claims[claim] = Value::Null;
        refused_as(Outcome::InvalidClaim, &signed(&claims)).await;
    }
}

#[tokio::test]
async fn after_a_rotation_tokens_of_the_old_secret_are_invalid() {
    let sandbox = Sandbox::start().await;
    let token = signed(&dana());
    assert_eq!(sandbox.identified_by(&token).await.status, 200);
    sandbox
        .change_ferndesk(&json!({ "secret": "replaced" }))
        .await;
    assert_eq!(
        sandbox.identified_by(&token).await.refusal(),
        invalid_token()
    );
    let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
    assert_eq!(exchange.outcome, Outcome::BadSignature);
    sandbox
        .change_ferndesk(&json!({ "secret": "configured" }))
        .await;
    assert_eq!(sandbox.identified_by(&token).await.status, 200);
}
