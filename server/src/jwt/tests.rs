//! Which tokens are accepted and which are rejected.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

const SECRET: &[u8] = b"a secret of thirty-two bytes or so";
const NOW: i64 = 1_800_000_000;

#[derive(Debug, Deserialize, PartialEq)]
struct Rest {
    sub: String,
    email: Option<String>,
}

const EXPECTED: Expected<'static> = Expected {
    algorithm: Algorithm::HS256,
    issuer: "https://login.example.com",
    max_lifetime: Duration::from_secs(24 * 60 * 60),
};

fn claims() -> Value {
    json!({ "iss": EXPECTED.issuer, "sub": "user-1", "iat": NOW - 10, "exp": NOW + 3600 })
}

fn read(token: &str) -> Result<Rest, InvalidToken> {
    verify(
        token,
        &DecodingKey::from_secret(SECRET),
        EXPECTED,
        Timestamp(NOW * 1000),
    )
    .map(|verified| verified.claims)
}

fn sign(header: &Value, payload: &str) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = EncodingKey::from_secret(SECRET);
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{signed}.{signature}")
}

fn with(changes: Value) -> String {
    let mut claims = claims();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => claims.as_object_mut().unwrap().remove(name),
            value => claims
                .as_object_mut()
                .unwrap()
                .insert(name.clone(), value.clone()),
        };
    }
    sign(
        &json!({ "alg": "HS256", "typ": "JWT" }),
        &claims.to_string(),
    )
}

#[test]
fn a_valid_token_is_accepted() {
    let expected = Rest {
        sub: "user-1".to_owned(),
        email: None,
    };
    assert_eq!(read(&with(json!({}))).unwrap(), expected);
    assert!(
        read(&with(json!({ "iat": NOW - 100, "exp": NOW - 29 }))).is_ok(),
        "clocks differ a little"
    );
}

#[test]
fn other_algorithms_are_rejected() {
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = encode(
            &Header::new(algorithm),
            &claims(),
            &EncodingKey::from_secret(SECRET),
        )
        .unwrap();
        assert!(read(&token).is_err(), "{algorithm:?}");
    }
    for alg in ["none", "None", "nOnE", "RS256", ""] {
        assert!(
            read(&sign(&json!({ "alg": alg }), &claims().to_string())).is_err(),
            "{alg}"
        );
    }
    let unsigned = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
        URL_SAFE_NO_PAD.encode(claims().to_string())
    );
    assert!(read(&unsigned).is_err());
}

#[test]
fn invalid_claims_are_rejected() {
    let issuers = [
        Value::Null,
        json!(1),
        json!([EXPECTED.issuer]),
        json!("https://login.example.com/"),
        json!({}),
    ];
    for issuer in issuers {
        assert!(
            read(&with(json!({ "iss": issuer }))).is_err(),
            "iss {issuer}"
        );
    }
    for aud in [json!("x"), json!(["x"]), json!(7), json!({})] {
        assert!(read(&with(json!({ "aud": aud }))).is_err(), "aud {aud}");
    }
    assert!(read(&with(json!({ "aud": [] }))).is_ok());
    for exp in [
        Value::Null,
        json!("9999999999"),
        json!(-1),
        json!(1e30),
        json!(NOW - 31),
        json!(u64::MAX),
        json!(NOW + 90_000),
    ] {
        assert!(read(&with(json!({ "exp": exp }))).is_err(), "exp {exp}");
    }
    for iat in [Value::Null, json!("1"), json!(NOW + 61), json!(NOW + 3600)] {
        assert!(read(&with(json!({ "iat": iat }))).is_err(), "iat {iat}");
    }
    for nbf in [json!(NOW + 61), json!("1")] {
        assert!(read(&with(json!({ "nbf": nbf }))).is_err(), "nbf {nbf}");
    }
    for sub in [Value::Null, json!(7), json!(["user-1"])] {
        assert!(read(&with(json!({ "sub": sub }))).is_err(), "sub {sub}");
    }
}

#[test]
fn critical_headers_and_other_types_are_rejected() {
    for header in [
        json!({ "alg": "HS256", "crit": ["exp"] }),
        json!({ "alg": "HS256", "b64": false }),
        json!({ "alg": "HS256", "typ": "at+jwt" }),
    ] {
        assert!(
            read(&sign(&header, &claims().to_string())).is_err(),
            "{header}"
        );
    }
}

#[test]
fn keys_named_in_a_header_are_ignored() {
    let header = json!({ "alg": "HS256", "kid": "../../etc/passwd", "jku": "http://127.0.0.1:1/", "x5u": "file:///" });
    assert!(read(&sign(&header, &claims().to_string())).is_ok());
}

#[test]
fn a_duplicate_claim_is_rejected() {
    let header = json!({ "alg": "HS256" });
    for twice in [
        r#""sub":"user-2""#,
        r#""email":"a@example.com","email":"b@example.com""#,
        r#""iss":"x""#,
    ] {
        let payload = claims()
            .to_string()
            .replacen('{', &format!("{{{twice},"), 1);
        assert!(read(&sign(&header, &payload)).is_err(), "{payload}");
    }
}

#[test]
fn malformed_tokens_are_rejected() {
    let good = with(json!({}));
    let long = with(json!({ "name": "x".repeat(1_000_000) }));
    let mut other_end = good.clone();
    let last = other_end.pop().unwrap();
    other_end.push(if last == 'A' { 'B' } else { 'A' });
    for token in [
        "",
        ".",
        "..",
        "...",
        " ",
        "a.b.c",
        &long,
        &other_end,
        &format!("{good}.x"),
        &format!("{good}="),
        &format!(" {good}"),
    ] {
        assert!(read(token).is_err(), "{:.60}", token);
    }
}
