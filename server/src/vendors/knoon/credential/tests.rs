//! Which responses contain a credential. The exchange itself is tested against the sandbox.

use serde_json::json;

use super::*;

fn parsed(body: &Value) -> Result<Credential, ExchangeError> {
    parse(body.to_string().as_bytes(), "cb_demo")
}

#[test]
fn a_credential_is_kept_as_it_came() {
    let data =
        json!({ "jwt": "a.b.c", "expiresAt": 1_800_000_000, "chatBoxId": "cb_demo", "extra": [1] });
    let credential = parsed(&json!({ "data": data })).unwrap();
    assert_eq!(Value::Object(credential.0), data);
    for expires in [
        json!(1_800_000_000_000_i64),
        json!("2027-01-01T00:00:00Z"),
        json!("1800000000"),
    ] {
        assert!(parsed(&json!({ "data": { "jwt": "a", "expiresAt": expires } })).is_ok());
    }
}

#[test]
fn a_response_without_a_credential_is_a_refusal() {
    for body in [
        json!({}),
        json!({ "data": null }),
        json!({ "data": {} }),
        json!({ "data": { "jwt": "", "expiresAt": 1 } }),
        json!({ "data": { "jwt": 7, "expiresAt": 1 } }),
        json!({ "data": { "jwt": "a" } }),
        json!({ "data": { "jwt": "a", "expiresAt": null } }),
        json!({ "data": { "domain": ".example.test" } }),
    ] {
        assert!(
            matches!(parsed(&body), Err(ExchangeError::Rejected(_))),
            "{body}"
        );
    }
}

#[test]
fn a_malformed_response_is_a_fault_of_the_vendor() {
    let bom = b"\xef\xbb\xbf{}".to_vec();
    let bodies = [
        &b""[..],
        b"[]",
        b"<html>",
        b"{\"data\":",
        b"{\"data\":[1]}",
        b"{\"data\":\"x\"}",
        b"\xff",
        &bom,
    ];
    for body in bodies {
        assert!(
            matches!(parse(body, "cb_demo"), Err(ExchangeError::Unavailable(_))),
            "{body:?}"
        );
    }
    let other = json!({ "data": { "jwt": "a", "expiresAt": 1, "chatBoxId": "cb_other" } });
    assert!(matches!(parsed(&other), Err(ExchangeError::Unavailable(_))));
}

#[test]
fn names_with_a_meaning_in_javascript_are_dropped() {
    let body =
        r#"{"data":{"jwt":"a","expiresAt":1,"__proto__":{"x":1},"constructor":1,"prototype":2}}"#;
    let credential = parse(body.as_bytes(), "cb_demo").unwrap();
    assert_eq!(
        credential.0.keys().collect::<Vec<_>>(),
        ["expiresAt", "jwt"]
    );
}
