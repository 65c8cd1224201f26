//! After the sign-in: users, access tokens, renewal, revocation.

use std::time::Duration;

use reqwest::Method;
use sandbox::cloudbase::{Outcome, SettingsChange};
use serde_json::{Value, json};

use super::host::{ENV, NOW_MS, UID, assert_is_refusal, claims, claims_with};
use crate::harness::{Reply, Sandbox};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[tokio::test]
async fn the_first_sign_in_makes_a_user_and_later_ones_find_it() {
    let sandbox = Sandbox::start().await;
    let first = sandbox.signed_in().await;
    let second = sandbox.signed_in().await;
    assert_eq!(first["sub"], second["sub"]);
    assert_ne!(first["sub"], UID);
    assert_ne!(first["access_token"], second["access_token"]);

    let ticket = sandbox.ticket(&claims_with("uid", json!("another-user")));
    let other = sandbox.sign_in(&ticket).await.json();
    assert_ne!(other["sub"], first["sub"]);
    let users = sandbox.running.cloudbase().users();
    let ids: Vec<_> = users
        .iter()
        .map(|user| user.custom_user_id.as_str())
        .collect();
    assert_eq!(ids, [UID, "another-user"]);
    assert_eq!(users[0].created_at, NOW_MS);
}

#[tokio::test]
async fn me_tells_who_the_user_is_here_and_at_the_host() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.signed_in().await;
    let me = sandbox.me(&tokens).await.json();
    assert_eq!(me["sub"], tokens["sub"]);
    let provider = &me["providers"][0];
    assert_eq!(
        (&provider["id"], &provider["provider_user_id"]),
        (&json!("custom"), &json!(UID))
    );
    assert_eq!(me["created_at"], "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn the_profile_requires_a_valid_access_token() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.signed_in().await;
    let me = || sandbox.request(Method::GET, "/auth/v1/user/me");
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    for request in [
        me(),
        me().bearer_auth(""),
        me().bearer_auth("made-up"),
        me().bearer_auth(refresh_token),
        me().basic_auth(tokens["access_token"].as_str().unwrap(), Some("")),
    ] {
        let reply = Reply::of(request).await;
        assert_is_refusal(&reply);
        assert_eq!(reply.refusal(), (401, "unauthenticated".to_owned()));
    }
}

#[tokio::test]
async fn an_access_token_lives_as_long_as_expires_in_says() {
    let sandbox = Sandbox::start().await;
    sandbox.running.cloudbase().change(&SettingsChange {
        access_token_seconds: Some(40),
        ..SettingsChange::default()
    });
    let tokens = sandbox.signed_in().await;
    assert_eq!(tokens["expires_in"], 40);
    sandbox.clock.advance(Duration::from_millis(39_999));
    assert_eq!(sandbox.me(&tokens).await.status, 200);
    sandbox.clock.advance(Duration::from_millis(1));
    assert_eq!(sandbox.me(&tokens).await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_gives_new_access_tokens_of_the_same_user() {
    let sandbox = Sandbox::start().await;
    let first = sandbox.signed_in().await;
    sandbox.clock.advance(Duration::from_secs(7199));
    let second = sandbox.refresh(&first).await.json();
    assert_eq!(second["sub"], first["sub"]);
    assert_ne!(second["access_token"], first["access_token"]);
    for tokens in [&first, &second] {
        assert_eq!(sandbox.me(tokens).await.status, 200);
    }
    sandbox.clock.advance(Duration::from_secs(1));
    assert_eq!(sandbox.me(&first).await.status, 401);
    assert_eq!(sandbox.me(&second).await.status, 200);
}

#[tokio::test]
async fn tabs_that_renew_at_the_same_time_do_not_sign_each_other_out() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.signed_in().await;
    let (left, right) = tokio::join!(sandbox.refresh(&tokens), sandbox.refresh(&tokens));
    for renewed in [left.json(), right.json()] {
        assert_eq!(sandbox.me(&renewed).await.status, 200);
        assert_eq!(sandbox.refresh(&renewed).await.status, 200);
    }
}

#[tokio::test]
async fn renewal_ends_when_the_ticket_said() {
    let sandbox = Sandbox::start().await;
    let mut tokens = sandbox.signed_in().await;
    for _ in 0..6 {
        sandbox.clock.advance(DAY);
        tokens = sandbox.refresh(&tokens).await.json();
    }
    sandbox.clock.advance(DAY - Duration::from_millis(1));
    tokens = sandbox.refresh(&tokens).await.json();
    sandbox.clock.advance(Duration::from_millis(1));
    assert_is_refusal(&sandbox.refresh(&tokens).await);
    assert_eq!(sandbox.outcome(), Outcome::InvalidRefreshToken);
}

#[tokio::test]
async fn renewal_ends_after_thirty_days_whatever_the_ticket_said() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims_with("expire", json!(u64::MAX)));
    let tokens = sandbox.sign_in(&ticket).await.json();
    sandbox.clock.advance(30 * DAY);
    assert_is_refusal(&sandbox.refresh(&tokens).await);
}

#[tokio::test]
async fn what_is_no_renewal_is_refused() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.signed_in().await;
    let right = json!({
        "client_id": ENV,
        "grant_type": "refresh_token",
        "refresh_token": tokens["refresh_token"],
    });
    for (name, value, outcome) in [
        ("client_id", json!("another-env"), Outcome::UnknownClient),
        (
            "grant_type",
            json!("password"),
            Outcome::UnsupportedGrantType,
        ),
        (
            "refresh_token",
            json!("made-up"),
            Outcome::InvalidRefreshToken,
        ),
        (
            "refresh_token",
            tokens["access_token"].clone(),
            Outcome::InvalidRefreshToken,
        ),
        ("refresh_token", Value::Null, Outcome::MalformedBody),
    ] {
        let mut body = right.clone();
        body[name] = value;
        let reply = Reply::of(sandbox.gateway("token").body(body.to_string())).await;
        assert_is_refusal(&reply);
        assert_eq!(sandbox.outcome(), outcome);
    }
    assert_eq!(sandbox.refresh(&tokens).await.status, 200);
}

#[tokio::test]
async fn revoking_any_token_ends_the_whole_sign_in() {
    let sandbox = Sandbox::start().await;
    for name in ["access_token", "refresh_token"] {
        let tokens = sandbox.signed_in().await;
        let renewed = sandbox.refresh(&tokens).await.json();
        let other = sandbox.signed_in().await;
        let reply = sandbox.revoke(&tokens[name]).await;
        assert_eq!((reply.status, reply.json()), (200, json!({})));
        for ended in [&tokens, &renewed] {
            assert_eq!(sandbox.me(ended).await.status, 401);
            let refused = sandbox.refresh(ended).await;
            assert_is_refusal(&refused);
            assert_eq!(refused.refusal(), (400, "invalid_grant".to_owned()));
        }
        assert_eq!(sandbox.me(&other).await.status, 200);
        assert_eq!(sandbox.revoke(&tokens[name]).await.status, 200);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_of_the_caller() {
    let sandbox = Sandbox::start().await;
    let tokens = sandbox.signed_in().await;
    let sign_out = || {
        let request = sandbox.request(Method::POST, "/auth/v1/user/signout");
        Reply::of(request.bearer_auth(tokens["access_token"].as_str().unwrap()))
    };
    assert_eq!(sign_out().await.status, 200);
    assert_eq!(sandbox.me(&tokens).await.status, 401);
    assert_is_refusal(&sign_out().await);
}

#[tokio::test]
async fn a_lifetime_of_zero_is_returned_unchanged() {
    let sandbox = Sandbox::start().await;
    sandbox.running.cloudbase().change(&SettingsChange {
        access_token_seconds: Some(0),
        ..SettingsChange::default()
    });
    let tokens = sandbox.sign_in(&sandbox.ticket(&claims())).await.json();
    assert_eq!(tokens["expires_in"], 0);
    assert_eq!(sandbox.me(&tokens).await.status, 401);
}
