//! ID tokens: valid by default, and with exactly one fault if that is switched on.

use jsonwebtoken::jwk::{AlgorithmParameters, Jwk};
use jsonwebtoken::{Algorithm, DecodingKey};
use rsa::pkcs8::{EncodePublicKey, LineEnding};
use rsa::{BoxedUint, PublicKey};
use sandbox::sso::{EmailVerifiedFault, IdTokenFault};
use serde_json::{Value, json};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::client::{ID, NONCE, SECRET, exchange, request, with};
use super::verifier::{self, Expected, is_signed_with, violations};
use crate::harness::{NOW, Sandbox};

const VERA: &str = "vera-verified";

/// Logs Vera in and returns what is wrong with her ID token.
async fn judged(sandbox: &Sandbox) -> (Option<String>, Vec<&'static str>) {
    let tokens = sandbox.log_in(VERA).await;
    let Some(token) = tokens["id_token"].as_str() else {
        return (None, vec!["missing"]);
    };
    let expected = Expected {
        keys: serde_json::from_value(sandbox.get("/sso/jwks").await.json()).unwrap(),
        issuer: sandbox.running.sso().issuer(),
        client_id: ID,
        nonce: NONCE,
        sub: VERA,
        access_token: tokens["access_token"].as_str().unwrap(),
        now: sandbox.clock.now(),
    };
    (Some(token.to_owned()), violations(token, &expected))
}

#[tokio::test]
async fn a_token_says_who_signed_in_to_whom_and_when() {
    let sandbox = Sandbox::start().await;
    let (token, violations) = judged(&sandbox).await;
    assert_eq!(violations, Vec::<&str>::new());
    let mut claims = verifier::json(&token.unwrap(), 1);
    claims.as_object_mut().unwrap().remove("at_hash");
    let url = sandbox.running.url();
    assert_eq!(
        claims,
        json!({
            "iss": format!("{url}/sso"),
            "sub": VERA,
            "aud": ID,
            "iat": NOW,
            "exp": NOW + 300,
            "auth_time": NOW,
            "nonce": NONCE,
            "name": "Vera Verified",
            "picture": format!("{url}/people/vera.svg"),
            "email": "vera@people.example",
            "email_verified": true,
        })
    );
}

#[tokio::test]
async fn a_request_without_a_nonce_gets_none() {
    let sandbox = Sandbox::start().await;
    let asked = with(request(), &[("nonce", "")]);
    let code = sandbox.code(&asked, VERA).await;
    let tokens = sandbox.exchange(&exchange(&code)).await.json();
    let claims = verifier::json(tokens["id_token"].as_str().unwrap(), 1);
    assert!(claims.get("nonce").is_none());
}

#[tokio::test]
async fn each_fault_breaks_one_rule() {
    let sandbox = Sandbox::start().await;
    for &(fault, code, _) in IdTokenFault::ALL {
        sandbox.running.sso().change(fault);
        let (_, violations) = judged(&sandbox).await;
        let rule = match fault {
            IdTokenFault::None => {
                assert_eq!(violations, Vec::<&str>::new());
                continue;
            }
            IdTokenFault::Missing => "missing",
            IdTokenFault::AlgNone
            | IdTokenFault::Hs256ClientSecret
            | IdTokenFault::Hs256PublicKey => "alg",
            IdTokenFault::UnknownKid | IdTokenFault::NoKid => "kid",
            IdTokenFault::EmbeddedJwk => "jwk",
            IdTokenFault::LinkedJwks => "jku",
            IdTokenFault::UnknownCrit => "crit",
            IdTokenFault::SignatureBroken => "signature",
            IdTokenFault::IssOther | IdTokenFault::IssTrailingSlash | IdTokenFault::IssMissing => {
                "iss"
            }
            IdTokenFault::AudOther
            | IdTokenFault::AudExtraWithoutAzp
            | IdTokenFault::AudMissing => "aud",
            IdTokenFault::AzpOther => "azp",
            IdTokenFault::Expired | IdTokenFault::ExpMissing => "exp",
            IdTokenFault::IssuedTomorrow => "iat",
            IdTokenFault::NotYetValid => "nbf",
            IdTokenFault::NonceMissing | IdTokenFault::NonceOther => "nonce",
            IdTokenFault::SubMissing
            | IdTokenFault::SubEmpty
            | IdTokenFault::SubNumber
            | IdTokenFault::SubTooLong
            | IdTokenFault::SubOther => "sub",
            IdTokenFault::AtHashWrong => "at_hash",
            IdTokenFault::DuplicateSub | IdTokenFault::DuplicateEmail => "twice",
        };
        assert_eq!(violations, [rule], "{code}");
    }
}

/// An ID token with the fault, and the provider's public key.
async fn faulty(sandbox: &Sandbox, fault: IdTokenFault) -> (String, Jwk) {
    sandbox.running.sso().change(fault);
    let (token, _) = judged(sandbox).await;
    let set = sandbox.get("/sso/jwks").await.json();
    (
        token.unwrap(),
        serde_json::from_value(set["keys"][0].clone()).unwrap(),
    )
}

#[tokio::test]
async fn a_client_that_trusts_the_header_would_fall_for_each_forgery() {
    let sandbox = Sandbox::start().await;

    let (token, _) = faulty(&sandbox, IdTokenFault::AlgNone).await;
    assert!(token.ends_with('.'));

    let (token, _) = faulty(&sandbox, IdTokenFault::Hs256ClientSecret).await;
    let secret = DecodingKey::from_secret(SECRET.as_bytes()).unwrap();
    assert!(is_signed_with(&token, &secret, Algorithm::HS256));

    let (token, key) = faulty(&sandbox, IdTokenFault::Hs256PublicKey).await;
    let pem = DecodingKey::from_secret(pem(&key).as_bytes()).unwrap();
    assert!(is_signed_with(&token, &pem, Algorithm::HS256));

    let (token, _) = faulty(&sandbox, IdTokenFault::EmbeddedJwk).await;
    let stranger: Jwk = serde_json::from_value(verifier::json(&token, 0)["jwk"].clone()).unwrap();
    let stranger = DecodingKey::from_jwk(&stranger).unwrap();
    assert!(is_signed_with(&token, &stranger, Algorithm::RS256));

    let (token, _) = faulty(&sandbox, IdTokenFault::LinkedJwks).await;
    assert!(is_signed_with(&token, &stranger, Algorithm::RS256));
    let link = verifier::json(&token, 0)["jku"].clone();
    assert!(link.as_str().unwrap().ends_with("/sso/elsewhere"));
    let linked = sandbox.get("/sso/elsewhere").await.json();
    assert!(linked["keys"][0]["kid"].is_string());
}

fn pem(key: &Jwk) -> String {
    let AlgorithmParameters::RSA(key) = &key.algorithm else {
        panic!("the provider signs with RSA");
    };
    let number =
        |text: &str| BoxedUint::from_be_slice_vartime(&URL_SAFE_NO_PAD.decode(text).unwrap());
    let key = PublicKey::new(number(&key.n), number(&key.e)).unwrap();
    key.to_public_key_pem(LineEnding::LF).unwrap()
}

#[tokio::test]
async fn tokens_are_signed_with_the_newest_key() {
    let sandbox = Sandbox::start().await;
    let (before, _) = judged(&sandbox).await;
    sandbox.running.sso().rotate_keys().unwrap();
    let (after, violations) = judged(&sandbox).await;
    assert_eq!(violations, Vec::<&str>::new());
    let kid = |token: Option<String>| verifier::json(&token.unwrap(), 0)["kid"].clone();
    assert_ne!(kid(before), kid(after));
}

#[tokio::test]
async fn email_verified_is_spoiled_here_too() {
    let sandbox = Sandbox::start().await;
    sandbox.running.sso().change(EmailVerifiedFault::Text);
    let (token, _) = judged(&sandbox).await;
    let claims: Value = verifier::json(&token.unwrap(), 1);
    assert_eq!(claims["email_verified"], "true");
}
