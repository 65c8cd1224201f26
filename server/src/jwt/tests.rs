//! Which tokens are accepted and which are rejected.

use jsonwebtoken::{EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::*;

const SECRET: &[u8] = b"a secret of thirty-two bytes or so";
const NOW: i64 = 1_800_000_000;

const EXPECTED: Expected<'static> = Expected {
    algorithm: Algorithm::HS256,
    issuer: "https://login.example.com",
    audience: None,
    max_lifetime: Some(Duration::from_secs(24 * 60 * 60)),
    skew: Duration::from_secs(30),
};

fn claims() -> Value {
    json!({ "iss": EXPECTED.issuer, "sub": "user-1", "iat": NOW - 10, "exp": NOW + 3600 })
}

fn read(token: &str) -> Result<Object, InvalidToken> {
    read_as(EXPECTED, token)
}

fn read_as(expected: Expected<'_>, token: &str) -> Result<Object, InvalidToken> {
    let key = DecodingKey::from_secret(SECRET).unwrap();
    let verified = verify(token, [&key], expected, Timestamp(NOW * 1000));
    verified.map(|verified| verified.claims)
}

fn sign(header: &Value, payload: &str) -> String {
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(payload)
    );
    let key = EncodingKey::from_secret(SECRET).unwrap();
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
    let claims = read(&with(json!({}))).unwrap();
    assert_eq!(claims.text("sub").as_deref(), Some("user-1"));
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
            &EncodingKey::from_secret(SECRET).unwrap(),
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
    for sub in [json!(["user-1"]), json!({ "id": "user-1" })] {
        assert!(read(&with(json!({ "sub": sub }))).is_err(), "sub {sub}");
    }
    for sub in [Value::Null, json!(7)] {
        let claims = read(&with(json!({ "sub": sub }))).unwrap();
        assert_eq!(claims.text("sub"), None, "sub {sub}");
    }
}

#[test]
fn times_may_have_fractions() {
    for times in [
        r#""iat":1799999990.25,"exp":1800003600.75"#,
        r#""iat":1799999990.0,"exp":1800003600.0"#,
        r#""iat":1.79999999e9,"exp":1.8000036e9,"nbf":1.79999999e9"#,
    ] {
        let claims = format!(r#"{{"iss":"{}","sub":"user-1",{times}}}"#, EXPECTED.issuer);
        let read = read(&sign(&json!({ "alg": "HS256" }), &claims));
        assert!(read.is_ok(), "{times}: {read:?}");
    }
}

#[test]
fn a_claim_of_the_wrong_kind_is_named() {
    let error = read(&with(json!({ "exp": "1800003600" }))).unwrap_err();
    assert!(
        error.to_string().ends_with("exp is text, not a number"),
        "{error}"
    );
}

#[test]
fn a_claim_that_is_not_used_may_be_of_any_type() {
    for value in [
        json!(7),
        json!("x"),
        json!([1]),
        json!({ "a": [] }),
        json!(null),
        json!(1.5),
    ] {
        for name in ["updated_at", "address", "jti", "email", "scope", "amr"] {
            let read = read(&with(json!({ name: value })));
            assert!(read.is_ok(), "{name} {value}: {read:?}");
        }
    }
}

#[test]
fn of_an_audience_one_has_to_be_ours() {
    let ours = Expected {
        audience: Some("us"),
        ..EXPECTED
    };
    for (aud, is_ours) in [
        (json!("us"), true),
        (json!(["us"]), true),
        (json!(["them", "us"]), true),
        (json!("them"), false),
        (json!(["them"]), false),
        (json!([]), false),
        (json!(null), false),
        (json!(["us", 7]), false),
        (json!({ "us": true }), false),
    ] {
        let read = read_as(ours, &with(json!({ "aud": aud })));
        assert_eq!(read.is_ok(), is_ours, "{aud}: {read:?}");
    }
}

#[test]
fn critical_headers_and_other_types_are_rejected() {
    for header in [
        json!({ "alg": "HS256", "crit": ["exp"] }),
        json!({ "alg": "HS256", "b64": false }),
        json!({ "alg": "HS256", "kid": 7 }),
        json!({ "alg": "HS256", "typ": 7 }),
        json!({ "alg": 7 }),
        json!({ "alg": "HS256", "typ": "at+jwt" }),
        json!({ "alg": "HS256", "typ": "application/at+jwt" }),
    ] {
        assert!(
            read(&sign(&header, &claims().to_string())).is_err(),
            "{header}"
        );
    }
}

#[test]
fn keys_named_in_a_header_are_ignored() {
    for header in [
        json!({ "alg": "HS256", "kid": "../../etc/passwd", "jku": "http://127.0.0.1:1/", "x5u": "file:///" }),
        json!({ "alg": "HS256", "typ": "application/jwt", "x5c": "text" }),
        json!({ "alg": "HS256", "typ": "jwt", "cty": null }),
    ] {
        let read = read(&sign(&header, &claims().to_string()));
        assert!(read.is_ok(), "{header}: {read:?}");
    }
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
