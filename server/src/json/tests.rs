//! How values are read: types × kinds.

use serde_json::json;

use super::*;

fn with(value: Value) -> Object {
    let object = json!({ "it": value }).to_string();
    serde_json::from_str(&object).unwrap()
}

#[test]
fn a_text_is_read_from_text_alone() {
    for (value, expected) in [
        (json!("Dana"), Some("Dana")),
        (json!("7"), Some("7")),
        (json!(""), None),
        (json!(null), None),
        (json!(7), None),
        (json!(true), None),
        (json!(["Dana"]), None),
        (json!({ "en": "Dana" }), None),
    ] {
        assert_eq!(with(value.clone()).text("it"), expected, "{value}");
    }
}

#[test]
fn texts_are_read_from_one_or_a_list() {
    for (value, expected) in [
        (json!(null), Some(vec![])),
        (json!([]), Some(vec![])),
        (json!("one"), Some(vec!["one"])),
        (json!(["one", "two"]), Some(vec!["one", "two"])),
        (json!([1]), None),
        (json!(1), None),
        (json!({}), None),
    ] {
        assert_eq!(with(value.clone()).texts("it").ok(), expected, "{value}");
    }
}

#[test]
fn only_the_word_true_is_true() {
    for (value, expected) in [
        (json!(true), Some(true)),
        (json!("true"), Some(true)),
        (json!("True"), Some(true)),
        (json!(false), Some(false)),
        (json!("false"), Some(false)),
        (json!(0), Some(false)),
        (json!("0"), Some(false)),
        (json!(1), None),
        (json!("1"), None),
        (json!("yes"), None),
        (json!(" true"), None),
        (json!(null), None),
        (json!(["true"]), None),
        (json!({}), None),
    ] {
        assert_eq!(with(value.clone()).boolean("it"), expected, "{value}");
    }
}

#[test]
fn a_time_is_a_number_of_any_form() {
    for (json, expected) in [
        ("1764500000", Ok(Some(1_764_500_000_000))),
        ("1764500000.25", Ok(Some(1_764_500_000_250))),
        ("1764500000.0", Ok(Some(1_764_500_000_000))),
        ("1.7645e9", Ok(Some(1_764_500_000_000))),
        ("1e30", Ok(Some(253_402_300_799_000))),
        ("-1", Ok(Some(-1000))),
        ("null", Ok(None)),
        (r#""1764500000""#, Err("it is text, not a number")),
        ("[1]", Err("it is a list, not a number")),
        ("true", Err("it is a boolean, not a number")),
    ] {
        let object: Object = serde_json::from_str(&format!(r#"{{"it":{json}}}"#)).unwrap();
        let time = object.time("it").map_err(|error| error.to_string());
        let expected = expected.map(|time| time.map(Timestamp));
        assert_eq!(time, expected.map_err(str::to_owned), "{json}");
    }
}

#[test]
fn a_name_that_occurs_twice_is_an_error() {
    for text in [r#"{"a":1,"a":1}"#, r#"{"a":1,"b":2,"\u0061":3}"#] {
        assert!(serde_json::from_str::<Object>(text).is_err(), "{text}");
    }
}

#[test]
fn no_value_is_in_the_debug_output() {
    let debug = format!("{:?}", with(json!("canary")));
    assert!(!debug.contains("canary"), "{debug}");
}
