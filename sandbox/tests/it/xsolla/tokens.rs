//! User JWTs: valid by default, and with exactly one fault if that is switched on.

use std::time::Duration;

use sandbox::xsolla::{Settings, SettingsChange, Signature, TokenFault};
use serde_json::json;

use super::client::{DANA, PROJECT, SASHA};
use super::verifier::{self, violations};
use crate::harness::{NOW, Sandbox};

async fn judged(sandbox: &Sandbox) -> Vec<&'static str> {
    let token = sandbox.xsolla_token(DANA).await;
    violations(&token, &sandbox.xsolla_keys().await, sandbox.clock.now())
}

#[tokio::test]
async fn a_token_says_who_signed_in_to_which_project_and_repeats_the_payload() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.xsolla_token(DANA).await;
    assert_eq!(
        verifier::json(&token, 0),
        json!({ "alg": "HS256", "typ": "JWT" })
    );
    assert_eq!(
        verifier::json(&token, 1),
        json!({
            "iss": "https://login.xsolla.com",
            "sub": DANA.sub,
            "iat": NOW,
            "exp": NOW + 24 * 60 * 60,
            "groups": [{ "id": 1, "name": "default", "is_default": true }],
            "xsolla_login_project_id": PROJECT,
            "type": "xsolla_login",
            "username": "dana",
            "email": "demo@latchkey.localhost",
            "picture": format!("{}/people/dana.svg", sandbox.running.url()),
            "publisher_id": 136_593,
            "promo_email_agreement": false,
            "payload": "a state of the host",
        })
    );
}

#[tokio::test]
async fn a_social_user_comes_without_an_address() {
    let sandbox = Sandbox::start().await;
    let token = sandbox.xsolla_token(SASHA).await;
    let claims = verifier::json(&token, 1);
    assert_eq!(
        (&claims["type"], &claims["provider"], &claims["name"]),
        (&json!("social"), &json!("twitch"), &json!("Sasha Social"))
    );
    for missing in ["email", "username", "picture"] {
        assert!(claims.get(missing).is_none(), "{missing}");
    }
    let keys = sandbox.xsolla_keys().await;
    assert_eq!(violations(&token, &keys, NOW), ["email"]);
}

#[tokio::test]
async fn a_project_that_signs_with_keys_names_the_key() {
    let sandbox = Sandbox::start().await;
    sandbox.running.xsolla().change(Signature::Rs256);
    assert_eq!(judged(&sandbox).await, Vec::<&str>::new());
    let header = verifier::json(&sandbox.xsolla_token(DANA).await, 0);
    let kid = &sandbox.xsolla_keys().await[0]["kid"];
    assert_eq!(header, json!({ "alg": "RS256", "kid": kid, "typ": "JWT" }));
}

#[tokio::test]
async fn the_lifetime_is_a_switch() {
    let sandbox = Sandbox::start().await;
    sandbox.running.xsolla().change(SettingsChange {
        lifetime_seconds: Some(60),
        ..SettingsChange::default()
    });
    let claims = verifier::json(&sandbox.xsolla_token(DANA).await, 1);
    assert_eq!(claims["exp"], NOW + 60);
    sandbox.clock.advance(Duration::from_secs(1));
    let claims = verifier::json(&sandbox.xsolla_token(DANA).await, 1);
    assert_eq!(claims["iat"], NOW + 1);
}

#[tokio::test]
async fn each_fault_breaks_one_rule_however_the_project_signs() {
    let sandbox = Sandbox::start().await;
    for signature in [Signature::Hs256, Signature::Rs256] {
        sandbox.running.xsolla().change(signature);
        for &(fault, code, _) in TokenFault::ALL {
            sandbox.running.xsolla().change(fault);
            let expected: &[&str] = match fault {
                TokenFault::None => &[],
                TokenFault::AlgNone => &["alg"],
                TokenFault::UnknownKid => &["kid"],
                TokenFault::Stranger
                | TokenFault::PublicKeyAsSecret
                | TokenFault::SignatureBroken => &["signature"],
                TokenFault::Expired | TokenFault::ExpMissing => &["exp"],
                TokenFault::Milliseconds => &["iat", "lifetime"],
                TokenFault::LongLived => &["lifetime"],
                TokenFault::IssuedTomorrow => &["iat"],
                TokenFault::IssOther | TokenFault::IssMissing => &["iss"],
                TokenFault::ProjectOther | TokenFault::ProjectMissing => &["project"],
                TokenFault::SubMissing | TokenFault::SubEmpty | TokenFault::SubNumber => &["sub"],
                TokenFault::EmailMissing | TokenFault::EmailNumber => &["email"],
                TokenFault::DuplicateSub | TokenFault::DuplicateEmail => &["twice"],
                TokenFault::OauthWithoutJti => &["jti"],
            };
            // A lenient parser takes the last of duplicate claims.
            let found = judged(&sandbox).await;
            assert_eq!(found, expected, "{signature:?} {code}");
        }
    }
}

#[tokio::test]
async fn tests_can_sign_any_claims() {
    let sandbox = Sandbox::start().await;
    let xsolla = sandbox.running.xsolla();
    assert_eq!(xsolla.settings(), Settings::default());
    let mut claims = xsolla.claims(DANA).unwrap();
    claims["email"] = json!("dana@else.example");
    let minted = xsolla.mint(claims).unwrap();
    for (token, email) in [
        (minted, "dana@else.example"),
        (xsolla.user_token(DANA).unwrap(), "demo@latchkey.localhost"),
    ] {
        assert_eq!(violations(&token, &[], NOW), Vec::<&str>::new());
        assert_eq!(verifier::json(&token, 1)["email"], email);
    }
}
