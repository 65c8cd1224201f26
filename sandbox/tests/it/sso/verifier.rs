//! A strict ID token verifier that lists every rule a token breaks (OpenID Connect Core 1.0,
//! section 3.1.3.7). It shares nothing with the code that issues them.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a client knows when the token arrives.
pub(super) struct Expected<'a> {
    pub(super) keys: JwkSet,
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    pub(super) sub: &'a str,
    pub(super) access_token: &'a str,
    pub(super) now: u64,
}

/// Header or payload of a token, as text.
pub(super) fn segment(token: &str, index: usize) -> String {
    let encoded = token.split('.').nth(index).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(encoded).unwrap()).unwrap()
}

pub(super) fn json(token: &str, index: usize) -> Value {
    serde_json::from_str(&segment(token, index)).unwrap()
}

pub(super) fn is_signed_with(token: &str, key: &DecodingKey, algorithm: Algorithm) -> bool {
    let (message, signature) = token.rsplit_once('.').unwrap();
    crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap()
}

/// The invalid parts of the token, in order. The signature is checked only if the header is valid,
/// since an invalid header names the wrong key.
pub(super) fn violations(token: &str, expected: &Expected) -> Vec<&'static str> {
    let header = json(token, 0);
    let key = header["kid"]
        .as_str()
        .and_then(|kid| expected.keys.find(kid));
    let mut violations = Vec::new();
    let mut check = |part, holds: bool| {
        if !holds {
            violations.push(part);
        }
    };
    check("alg", header["alg"] == "RS256");
    check("kid", key.is_some());
    for part in ["jwk", "jku", "crit"] {
        check(part, header.get(part).is_none());
    }
    check_claims(token, expected, &mut check);
    let header_is_right = ["alg", "kid", "jwk", "jku"]
        .iter()
        .all(|part| !violations.contains(part));
    if header_is_right && !key.is_some_and(|key| is_signed_by(token, key)) {
        violations.push("signature");
    }
    violations
}

fn check_claims(token: &str, expected: &Expected, check: &mut impl FnMut(&'static str, bool)) {
    let (text, claims) = (segment(token, 1), json(token, 1));
    let time = |name: &str| claims[name].as_u64();
    let no_later = |name: &str| time(name).is_some_and(|time| time <= expected.now);
    check("iss", claims["iss"] == expected.issuer);
    check("aud", claims["aud"] == expected.client_id);
    check(
        "azp",
        claims
            .get("azp")
            .is_none_or(|azp| azp == expected.client_id),
    );
    check("exp", time("exp").is_some_and(|exp| exp > expected.now));
    check("iat", no_later("iat"));
    check("nbf", claims.get("nbf").is_none() || no_later("nbf"));
    check("nonce", claims["nonce"] == expected.nonce);
    check(
        "at_hash",
        claims["at_hash"] == left_half_of_hash(expected.access_token),
    );
    let names = claims.as_object().unwrap().keys();
    let twice = names.filter(|name| text.matches(&format!(r#""{name}":"#)).count() > 1);
    let twice: Vec<_> = twice.collect();
    check("twice", twice.is_empty());
    check(
        "sub",
        claims["sub"] == expected.sub || twice.contains(&&"sub".to_owned()),
    );
}

fn is_signed_by(token: &str, key: &Jwk) -> bool {
    is_signed_with(
        token,
        &DecodingKey::from_jwk(key).unwrap(),
        Algorithm::RS256,
    )
}

fn left_half_of_hash(access_token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access_token)[..16])
}
