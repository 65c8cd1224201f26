//! ID tokens (OpenID Connect Core 1.0, section 2), valid ones and those with a fault.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::grants::{Grant, TOKEN_SECONDS};
use super::keys::SigningKey;
use super::metadata::OTHER_ISSUER;
use super::settings::IdTokenFault as Fault;
use super::state::Sso;
use super::userinfo::OTHER_USER;

const DAY: i64 = 24 * 60 * 60;
const OTHER_CLIENT: &str = "other-client";

/// The ID token that is issued with `access_token`, with the fault that is switched on.
pub(super) fn issue(
    sso: &Sso,
    grant: &Grant,
    access_token: &str,
) -> anyhow::Result<Option<String>> {
    let fault = sso.settings().id_token;
    if fault == Fault::Missing {
        return Ok(None);
    }
    let key = sso.signing_key();
    let unlisted = SigningKey::unlisted;
    let mut header = json!({ "typ": "JWT", "alg": "RS256", "kid": key.kid });
    match fault {
        Fault::AlgNone => header["alg"] = "none".into(),
        Fault::Hs256ClientSecret | Fault::Hs256PublicKey => header["alg"] = "HS256".into(),
        Fault::UnknownKid => header["kid"] = "unknown".into(),
        Fault::NoKid => header = json!({ "typ": "JWT", "alg": "RS256" }),
        Fault::EmbeddedJwk => header["jwk"] = json!(unlisted()?.public),
        Fault::LinkedJwks => header["jku"] = sso.other_host().into(),
        Fault::UnknownCrit => {
            header["crit"] = json!(["must-understand"]);
            header["must-understand"] = true.into();
        }
        _ => {}
    }
    let mut claims = claims(sso, grant, access_token);
    spoil(&mut claims, fault);
    let message = format!(
        "{}.{}",
        encode(&header.to_string()),
        encode(&write(claims, fault))
    );

    let with = |key: &EncodingKey, algorithm| sign(message.as_bytes(), key, algorithm);
    let hs256 = |secret: &str| {
        with(
            &EncodingKey::from_secret(secret.as_bytes())?,
            Algorithm::HS256,
        )
    };
    let signature = match fault {
        Fault::AlgNone => String::new(),
        Fault::Hs256ClientSecret => hs256(sso.client_secret().reveal())?,
        Fault::Hs256PublicKey => hs256(&key.public_pem)?,
        Fault::EmbeddedJwk | Fault::LinkedJwks => with(&unlisted()?.private, Algorithm::RS256)?,
        Fault::SignatureBroken => altered(&with(&key.private, Algorithm::RS256)?),
        _ => with(&key.private, Algorithm::RS256)?,
    };
    Ok(Some(format!("{message}.{signature}")))
}

fn claims(sso: &Sso, grant: &Grant, access_token: &str) -> Map<String, Value> {
    let now = sso.now();
    let mut claims = sso.claims(grant);
    let own = [
        ("iss", sso.issuer().into()),
        ("aud", sso.client_id().into()),
        ("iat", now.into()),
        ("exp", (now + TOKEN_SECONDS).into()),
        ("auth_time", grant.authenticated_at.into()),
        ("at_hash", at_hash(access_token).into()),
    ];
    claims.extend(own.map(|(name, value)| (name.to_owned(), value)));
    if let Some(nonce) = &grant.nonce {
        claims.insert("nonce".to_owned(), nonce.as_str().into());
    }
    claims
}

/// Makes the fault's change to the claims.
fn spoil(claims: &mut Map<String, Value>, fault: Fault) {
    let own = |claims: &Map<String, Value>, name| claims.get(name).cloned().unwrap_or_default();
    let (name, value) = match fault {
        Fault::IssOther => ("iss", json!(OTHER_ISSUER)),
        Fault::IssTrailingSlash => {
            let issuer = own(claims, "iss");
            (
                "iss",
                json!(format!("{}/", issuer.as_str().unwrap_or_default())),
            )
        }
        Fault::AudOther => ("aud", json!(OTHER_CLIENT)),
        Fault::AudExtraWithoutAzp => ("aud", json!([own(claims, "aud"), OTHER_CLIENT])),
        Fault::AzpOther => ("azp", json!(OTHER_CLIENT)),
        Fault::NotYetValid => {
            let issued_at = own(claims, "iat").as_i64().unwrap_or_default();
            ("nbf", json!(issued_at + DAY))
        }
        Fault::NonceOther => ("nonce", json!("another nonce")),
        Fault::SubEmpty => ("sub", json!("")),
        Fault::SubNumber => ("sub", json!(42)),
        Fault::SubTooLong => ("sub", json!("s".repeat(300))),
        Fault::SubOther => ("sub", json!(OTHER_USER)),
        Fault::AtHashWrong => ("at_hash", json!(at_hash("another access token"))),
        Fault::IssMissing => return drop(claims.remove("iss")),
        Fault::AudMissing => return drop(claims.remove("aud")),
        Fault::ExpMissing => return drop(claims.remove("exp")),
        Fault::NonceMissing => return drop(claims.remove("nonce")),
        Fault::SubMissing => return drop(claims.remove("sub")),
        Fault::Expired => return shift(claims, -DAY),
        Fault::IssuedTomorrow => return shift(claims, DAY),
        _ => return,
    };
    claims.insert(name.to_owned(), value);
}

/// Moves the token's lifetime by `seconds`.
fn shift(claims: &mut Map<String, Value>, seconds: i64) {
    for name in ["iat", "exp"] {
        if let Some(Value::Number(time)) = claims.get(name) {
            let moved = time.as_i64().unwrap_or_default() + seconds;
            claims.insert(name.to_owned(), moved.into());
        }
    }
}

/// The claims as JSON, with one of them repeated if that is the fault.
fn write(claims: Map<String, Value>, fault: Fault) -> String {
    let mut text = Value::Object(claims).to_string();
    let second = match fault {
        Fault::DuplicateSub => json!({ "sub": OTHER_USER }),
        Fault::DuplicateEmail => json!({ "email": "demo@latchkey.localhost" }),
        _ => return text,
    };
    text.pop();
    format!("{text},{}", &second.to_string()[1..])
}

/// The left half of the access token's hash (OpenID Connect Core 1.0, section 3.1.3.6).
fn at_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}

fn encode(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(text)
}

fn altered(signature: &str) -> String {
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{first}{}", &signature[1..])
}
