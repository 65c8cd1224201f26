//! A strict verifier of user JWTs that lists every rule a token breaks. It shares nothing with the code that
//! issues them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use rsa::BoxedUint;
use serde_json::Value;

use super::client::{PROJECT, SECRET};

/// Header or payload of a token, as text.
pub(super) fn segment(token: &str, index: usize) -> String {
    let encoded = token.split('.').nth(index).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

pub(super) fn json(token: &str, index: usize) -> Value {
    serde_json::from_str(&segment(token, index)).unwrap()
}

/// The listed key, whose numbers are hexadecimal.
fn decoding_key(key: &Value) -> DecodingKey {
    let number = |name: &str| {
        let number = BoxedUint::from_str_radix_vartime(key[name].as_str().unwrap(), 16);
        number.unwrap().to_be_bytes_trimmed_vartime()
    };
    DecodingKey::from_rsa_raw_components(&number("n"), &number("e"))
}

fn is_signed_with(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let (message, signature) = token.rsplit_once('.').unwrap();
    crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap_or(false)
}

/// What is wrong with the signature, which the project's secret or a listed key must have made.
fn signature_violation(token: &str, keys: &[Value]) -> Option<&'static str> {
    let header = json(token, 0);
    let (key, algorithm) = match header["alg"].as_str() {
        Some("HS256") => (
            DecodingKey::from_secret(SECRET.as_bytes()).unwrap(),
            Algorithm::HS256,
        ),
        Some("RS256") => match keys.iter().find(|key| key["kid"] == header["kid"]) {
            Some(key) => (decoding_key(key), Algorithm::RS256),
            None => return Some("kid"),
        },
        _ => return Some("alg"),
    };
    (!is_signed_with(token, &key, algorithm)).then_some("signature")
}

/// The invalid parts of the token, in order; `now` is in seconds.
pub(super) fn violations(token: &str, keys: &[Value], now: u64) -> Vec<&'static str> {
    let claims = json(token, 1);
    let mut violations: Vec<_> = signature_violation(token, keys).into_iter().collect();
    let mut check = |part, holds: bool| {
        if !holds {
            violations.push(part);
        }
    };
    check("iss", claims["iss"] == "https://login.xsolla.com");
    let (issued_at, expires_at) = (claims["iat"].as_u64(), claims["exp"].as_u64());
    check("iat", issued_at.is_some_and(|time| time <= now));
    check("exp", expires_at.is_some_and(|time| time > now));
    let lifetime = expires_at
        .unwrap_or(now)
        .saturating_sub(issued_at.unwrap_or(now));
    check("lifetime", lifetime <= 24 * 60 * 60);
    check("project", claims["xsolla_login_project_id"] == PROJECT);
    check(
        "sub",
        claims["sub"].as_str().is_some_and(|sub| sub.len() == 36),
    );
    let email = claims["email"].as_str();
    check("email", email.is_some_and(|email| email.contains('@')));
    check(
        "jti",
        claims["type"] != "oauth" || claims["jti"].is_string(),
    );
    let text = segment(token, 1);
    let is_once = |name: &str| text.matches(&format!("\"{name}\":")).count() <= 1;
    check("twice", is_once("sub") && is_once("email"));
    violations
}
