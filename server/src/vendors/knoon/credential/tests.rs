//! Which responses contain a credential. The exchange itself is tested against the sandbox.

use serde_json::json;

use super::*;

fn parsed(body: &Value) -> Result<Map<String, Value>, ExchangeError> {
    parse(body.to_string().as_bytes(), "cb_demo")
}

#[test]
fn a_credential_is_kept_as_it_came() {
    let data =
        json!({ "jwt": "a.b.c", "expiresAt": 1_800_000_000, "chatBoxId": "cb_demo", "extra": [1] });
    let parsed_data = parsed(&json!({ "data": data })).unwrap();
    assert_eq!(Value::Object(parsed_data), data);
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
    let data = parse(body.as_bytes(), "cb_demo").unwrap();
    assert_eq!(data.keys().collect::<Vec<_>>(), ["expiresAt", "jwt"]);
}

#[test]
fn a_token_that_no_cookie_can_hold_is_refused() {
    let name = "knoon_jwt_cb_demo".len();
    let fits = MAX_COOKIE - name;
    for (jwt, is_refused) in [
        ("a".repeat(fits), false),
        ("a".repeat(fits + 1), true),
        ("%".repeat(fits / 3), false),
        ("%".repeat(fits / 3 + 1), true),
        ("~".repeat(fits), false),
    ] {
        let result = parsed(&json!({ "data": { "jwt": jwt, "expiresAt": 1 } }));
        assert_eq!(matches!(result, Err(ExchangeError::TooLong(_))), is_refused);
    }
}

#[test]
fn the_lifetime_counts_by_the_vendors_clock_from_when_the_credential_arrives() {
    let minutes = |count: i64| Timestamp(1_795_342_200_000 + count * 60_000);
    let now = minutes(0);
    for (sent_at, expires_at, left) in [
        (Some(minutes(0)), minutes(10), 600),
        (Some(minutes(15)), minutes(25), 600),
        (Some(minutes(-15)), minutes(-5), 600),
        (None, minutes(10), 600),
        (None, minutes(-5), 0),
        (Some(minutes(0)), minutes(-5), 0),
    ] {
        let data = json!({ "jwt": "a", "expiresAt": expires_at.0 });
        let data = data.as_object().unwrap().clone();
        let sent = credential(data, sent_at, now).for_page(now);
        assert_eq!(sent["expiresIn"], left, "{sent_at:?} {expires_at:?}");
        assert_eq!(sent["expiresAt"], expires_at.0);
    }
}

#[test]
fn a_date_without_a_time_zone_reaches_the_page_with_one() {
    let data = json!({ "jwt": "a", "expiresAt": "2026-11-22T10:10:00" });
    let data = data.as_object().unwrap().clone();
    let now = Timestamp(1_795_342_200_000 - 600_000);
    let sent = credential(data, None, now).for_page(now);
    assert_eq!(sent["expiresAt"], "2026-11-22T10:10:00Z");
    assert_eq!(sent["expiresIn"], 600);
}

#[test]
fn an_expiry_that_cannot_be_read_is_left_to_the_page() {
    let data = json!({ "jwt": "a", "expiresAt": "soon" });
    let data = data.as_object().unwrap().clone();
    let sent = credential(data.clone(), None, Timestamp(0)).for_page(Timestamp(0));
    assert_eq!(sent, data);
}
