//! `POST /token/validate`: what the vendor itself thinks of a token.

use std::time::Duration;

use reqwest::Method;
use sandbox::xsolla::{SettingsChange, Signature, TokenFault};
use serde_json::json;

use super::client::{DANA, SASHA, refusal};
use crate::harness::{Reply, Sandbox};

#[tokio::test]
async fn a_good_token_is_good_until_it_expires() {
    let sandbox = Sandbox::start().await;
    sandbox.running.xsolla().change(SettingsChange {
        lifetime_seconds: Some(60),
        ..SettingsChange::default()
    });
    for signature in [Signature::Hs256, Signature::Rs256] {
        sandbox.running.xsolla().change(signature);
        for persona in [DANA, SASHA] {
            let token = sandbox.xsolla_token(persona).await;
            let reply = sandbox.xsolla_validate(&token).await;
            assert_eq!((reply.status, reply.body.as_str()), (204, ""));
            sandbox.clock.advance(Duration::from_secs(59));
            assert_eq!(sandbox.xsolla_validate(&token).await.status, 204);
            sandbox.clock.advance(Duration::from_secs(1));
            let late = sandbox.xsolla_validate(&token).await;
            assert_eq!(refusal(&late), (422, "422".to_owned()));
        }
    }
}

#[tokio::test]
async fn jwt_01_a_token_that_the_project_has_not_signed_like_this_is_refused() {
    let sandbox = Sandbox::start().await;
    for fault in [
        TokenFault::AlgNone,
        TokenFault::Stranger,
        TokenFault::PublicKeyAsSecret,
        TokenFault::UnknownKid,
        TokenFault::SignatureBroken,
        TokenFault::Expired,
        TokenFault::ExpMissing,
        TokenFault::IssOther,
        TokenFault::IssMissing,
        TokenFault::ProjectOther,
        TokenFault::ProjectMissing,
        TokenFault::SubMissing,
        TokenFault::SubEmpty,
        TokenFault::SubNumber,
        TokenFault::DuplicateSub,
    ] {
        sandbox.running.xsolla().change(fault);
        let token = sandbox.xsolla_token(DANA).await;
        let reply = sandbox.xsolla_validate(&token).await;
        assert_eq!(refusal(&reply), (422, "422".to_owned()), "{fault:?}");
    }
}

#[tokio::test]
async fn jwt_08_what_is_no_token_is_refused() {
    let sandbox = Sandbox::start().await;
    let good = sandbox.xsolla_token(DANA).await;
    let last = good.chars().last().unwrap();
    let (next, rest) = (char::from(last as u8 + 1), &good[..good.len() - 1]);
    for token in [
        String::new(),
        "a.b.c".to_owned(),
        format!("{good}="),
        format!(" {good}"),
        format!("{good}.x"),
        format!("{rest}{next}"),
    ] {
        assert_eq!(sandbox.xsolla_validate(&token).await.status, 422, "{token}");
    }
    for body in [json!({}), json!({ "token": 7 }), json!("x")] {
        let request = sandbox.request(Method::POST, "/xsolla/api/token/validate");
        let reply = Reply::of(request.json(&body)).await;
        assert_eq!(refusal(&reply), (400, "0".to_owned()), "{body}");
    }
}
