//! Invalid tickets: each fault alone is enough to refuse one.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use sandbox::cloudbase::{Outcome, SettingsChange};
use serde_json::{Value, json};

use super::host::{MINUTE_MS, NOW_MS, UID, assert_is_refusal, claims, claims_with, encode, header};
use crate::harness::{NOW, Sandbox};

#[tokio::test]
async fn a_right_ticket_signs_in() {
    let tokens = Sandbox::start().await.signed_in().await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 7200);
    assert!(tokens["refresh_token"].as_str().unwrap().len() <= 128);
    assert!(tokens["groups"].is_array());
}

#[tokio::test]
async fn a_ticket_in_another_form_is_refused() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    let (id, jwt) = ticket.split_once("/@@/").unwrap();
    let parts: Vec<_> = jwt.split('.').collect();
    let [head, payload, signature] = parts[..] else {
        panic!("{jwt}")
    };
    for malformed in [
        String::new(),
        jwt.to_owned(),
        format!("{id}/@/{jwt}"),
        format!("{id}/@@/"),
        format!("{id}/@@/{head}.{payload}"),
        format!("{id}/@@/{head}.{payload}."),
        format!("{id}/@@/{jwt}.{signature}"),
        format!("{id}/@@/{head}=.{payload}.{signature}"),
        format!("{id}/@@/{head}.{payload}.{signature}="),
        format!("{id}/@@/{head}.{payload}.+/+/"),
        format!("{ticket}="),
        format!("{ticket} "),
        loose(&ticket),
    ] {
        sandbox.refused(&malformed, Outcome::MalformedTicket).await;
    }
}

/// The same signature in non-canonical base64url: 256 bytes leave four spare bits in the last letter.
fn loose(ticket: &str) -> String {
    let (rest, last) = ticket.split_at(ticket.len() - 1);
    let spare = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        _ => "x",
    };
    format!("{rest}{spare}")
}

#[tokio::test]
async fn signed_segments_that_are_not_canonical_are_refused() {
    let sandbox = Sandbox::start().await;
    let key = sandbox.key_file();
    let (head, payload) = (encode(&header()), encode(&claims()));
    for (head, payload) in [
        (format!("{head}="), payload.clone()),
        (head.clone(), format!("{payload}=")),
        (head.clone(), format!("{payload}\n")),
        (head, format!("{payload}.{payload}")),
    ] {
        let ticket = key.sealed(&head, &payload);
        sandbox.refused(&ticket, Outcome::MalformedTicket).await;
    }
}

#[tokio::test]
async fn a_ticket_with_duplicate_names_is_refused() {
    let sandbox = Sandbox::start().await;
    let key = sandbox.key_file();
    let twice = |json: &Value, first: &str| {
        URL_SAFE_NO_PAD.encode(json.to_string().replacen('{', first, 1))
    };
    let head = twice(&header(), r#"{"alg":"none","#);
    let ticket = key.sealed(&head, &encode(&claims()));
    sandbox.refused(&ticket, Outcome::WrongHeader).await;
    let payload = twice(&claims(), r#"{"uid":"another","#);
    let ticket = key.sealed(&encode(&header()), &payload);
    sandbox.refused(&ticket, Outcome::MalformedClaims).await;
}

#[tokio::test]
async fn the_first_separator_ends_the_key_id() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    let (id, _) = ticket.split_once("/@@/").unwrap();
    for before in [id, "", "another"] {
        let twice = format!("{before}/@@/{ticket}");
        sandbox.refused(&twice, Outcome::MalformedTicket).await;
    }
}

#[tokio::test]
async fn an_unknown_key_id_is_refused_in_the_vendors_words() {
    let sandbox = Sandbox::start().await;
    let mut stranger = sandbox.key_file();
    for id in ["", "00000000-0000-4000-8000-000000000000"] {
        stranger.id = id.to_owned();
        let ticket = stranger.ticket(&header(), &claims());
        sandbox.refused(&ticket, Outcome::UnknownKey).await;
    }
    let reply = sandbox
        .sign_in(&stranger.ticket(&header(), &claims()))
        .await;
    let text = "[AUTH_INVALID_CUSTOM_LOGIN_TICKET] Key do not exist or expired";
    assert_eq!(reply.json()["error_description"], text);
}

#[tokio::test]
async fn any_other_header_is_refused() {
    let sandbox = Sandbox::start().await;
    let key = sandbox.key_file();
    for wrong in [
        json!({ "alg": "none", "typ": "JWT" }),
        json!({ "alg": "HS256", "typ": "JWT" }),
        json!({ "alg": "RS512", "typ": "JWT" }),
        json!({ "alg": "RS256" }),
        json!({ "alg": "RS256", "typ": "at+jwt" }),
        json!({ "alg": "RS256", "typ": "JWT", "kid": key.id }),
        json!({ "alg": "RS256", "typ": "JWT", "crit": ["x"] }),
        json!("RS256"),
    ] {
        let ticket = key.ticket(&wrong, &claims());
        sandbox.refused(&ticket, Outcome::WrongHeader).await;
    }
}

#[tokio::test]
async fn what_the_key_has_not_signed_is_refused() {
    let sandbox = Sandbox::start().await;
    let key = sandbox.key_file();
    let ticket = key.ticket(&header(), &claims());
    let (message, signature) = ticket.rsplit_once('.').unwrap();
    let (head, _) = message.rsplit_once('.').unwrap();
    let other = claims_with("uid", json!("another"));
    let swapped = format!("{head}.{}.{signature}", encode(&other));
    sandbox.refused(&swapped, Outcome::BadSignature).await;

    let unsigned = message.split_once("/@@/").unwrap().1;
    let public = EncodingKey::from_secret(key.pem.as_bytes()).unwrap();
    let hmac = crypto::sign(unsigned.as_bytes(), &public, Algorithm::HS256).unwrap();
    sandbox
        .refused(&format!("{message}.{hmac}"), Outcome::BadSignature)
        .await;
    let garbage = URL_SAFE_NO_PAD.encode([7; 256]);
    sandbox
        .refused(&format!("{message}.{garbage}"), Outcome::BadSignature)
        .await;
}

#[tokio::test]
async fn every_claim_must_be_there_in_its_type() {
    let sandbox = Sandbox::start().await;
    for name in ["alg", "env", "iat", "exp", "uid", "refresh", "expire"] {
        let mut without = claims();
        without.as_object_mut().unwrap().remove(name);
        let of_another_type = match claims()[name] {
            Value::String(_) => json!(7),
            _ => json!(claims()[name].to_string()),
        };
        for wrong in [
            without,
            claims_with(name, of_another_type),
            claims_with(name, Value::Null),
        ] {
            sandbox
                .refused(&sandbox.ticket(&wrong), Outcome::MalformedClaims)
                .await;
        }
    }
    for (name, value) in [
        ("alg", json!("HS256")),
        ("refresh", json!(0)),
        ("exp", json!(NOW_MS as f64 + 0.5)),
        ("iat", json!(-1)),
    ] {
        let ticket = sandbox.ticket(&claims_with(name, value));
        sandbox.refused(&ticket, Outcome::MalformedClaims).await;
    }
    sandbox
        .refused(&sandbox.ticket(&json!([])), Outcome::MalformedClaims)
        .await;
}

#[tokio::test]
async fn a_ticket_for_another_environment_is_refused() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims_with("env", json!("another-env-9z8y7x")));
    sandbox.refused(&ticket, Outcome::WrongEnvironment).await;
}

#[tokio::test]
async fn a_ticket_in_seconds_is_refused_as_expired() {
    let sandbox = Sandbox::start().await;
    let mut seconds = claims();
    seconds["iat"] = json!(NOW);
    seconds["exp"] = json!(NOW + 600);
    sandbox
        .refused(&sandbox.ticket(&seconds), Outcome::ExpiredTicket)
        .await;
    let iat_alone = sandbox.ticket(&claims_with("iat", json!(NOW)));
    sandbox
        .refused(&iat_alone, Outcome::TicketLivesTooLong)
        .await;
}

#[tokio::test]
async fn a_ticket_is_over_at_exp() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    let almost = std::time::Duration::from_millis(10 * MINUTE_MS - 1);
    sandbox.clock.advance(almost);
    assert_eq!(sandbox.sign_in(&ticket).await.status, 200);
    sandbox.clock.advance(std::time::Duration::from_millis(1));
    assert_is_refusal(&sandbox.sign_in(&ticket).await);
    assert_eq!(sandbox.outcome(), Outcome::ExpiredTicket);
}

#[tokio::test]
async fn a_ticket_from_the_future_is_refused_beyond_a_minute() {
    let sandbox = Sandbox::start().await;
    let issued = |iat: u64| {
        let mut claims = claims_with("iat", json!(iat));
        claims["exp"] = json!(iat + 10 * MINUTE_MS);
        sandbox.ticket(&claims)
    };
    let late = issued(NOW_MS + MINUTE_MS + 1);
    sandbox.refused(&late, Outcome::TicketFromTheFuture).await;
    let skewed = issued(NOW_MS + MINUTE_MS);
    assert_eq!(sandbox.sign_in(&skewed).await.status, 200);
}

#[tokio::test]
async fn a_ticket_may_live_ten_minutes_and_no_longer() {
    let sandbox = Sandbox::start().await;
    for exp in [NOW_MS + 10 * MINUTE_MS + 1, u64::MAX] {
        let ticket = sandbox.ticket(&claims_with("exp", json!(exp)));
        sandbox.refused(&ticket, Outcome::TicketLivesTooLong).await;
    }
    let mut backwards = claims_with("iat", json!(NOW_MS + 2));
    backwards["exp"] = json!(NOW_MS + 1);
    sandbox
        .refused(&sandbox.ticket(&backwards), Outcome::TicketLivesTooLong)
        .await;
}

#[tokio::test]
async fn a_uid_outside_the_vendors_rule_is_refused() {
    let sandbox = Sandbox::start().await;
    for uid in [
        "",
        "abc",
        &"a".repeat(33),
        "012345678-90ab-cdef-0123-456789abcdef",
        "with space",
        "a/bcd",
        "abc%",
        "abc!",
        "zo\u{eb}-example",
        "abcd\n",
    ] {
        let ticket = sandbox.ticket(&claims_with("uid", json!(uid)));
        sandbox.refused(&ticket, Outcome::InvalidUid).await;
    }
}

#[tokio::test]
async fn every_character_of_the_vendors_rule_is_taken() {
    let sandbox = Sandbox::start().await;
    for uid in ["abcd", "_-#@~=*(){}[]:.,<>+", &"Z9".repeat(16)] {
        let ticket = sandbox.ticket(&claims_with("uid", json!(uid)));
        assert_eq!(sandbox.sign_in(&ticket).await.status, 200, "{uid}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_already_over_is_refused() {
    let sandbox = Sandbox::start().await;
    for expire in [0, NOW + 86_400, NOW_MS] {
        let ticket = sandbox.ticket(&claims_with("expire", json!(expire)));
        sandbox.refused(&ticket, Outcome::SignInExpired).await;
    }
}

#[tokio::test]
async fn a_ticket_is_good_once_if_the_switch_says_so() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    assert_eq!(sandbox.sign_in(&ticket).await.status, 200);
    assert_eq!(sandbox.sign_in(&ticket).await.status, 200);
    sandbox.running.cloudbase().change(&SettingsChange {
        allow_replay: Some(false),
        ..SettingsChange::default()
    });
    assert_is_refusal(&sandbox.sign_in(&ticket).await);
    assert_eq!(sandbox.outcome(), Outcome::ReplayedTicket);
    let fresh = sandbox.ticket(&claims_with("iat", json!(NOW_MS + 1)));
    assert_eq!(sandbox.sign_in(&fresh).await.status, 200);
    assert_is_refusal(&sandbox.sign_in(&fresh).await);
}

#[tokio::test]
async fn a_disabled_login_method_lets_no_one_in() {
    let sandbox = Sandbox::start().await;
    sandbox.running.cloudbase().change(&SettingsChange {
        custom_login: Some(false),
        ..SettingsChange::default()
    });
    let ticket = sandbox.ticket(&claims_with("uid", json!(UID)));
    sandbox.refused(&ticket, Outcome::MethodDisabled).await;
    let reply = sandbox.sign_in(&ticket).await;
    assert_eq!(reply.json()["error_description"], "provider not found");
}
