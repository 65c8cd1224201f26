//! How values are read: types × kinds.

use serde_json::json;

use super::*;

fn with(value: Value) -> Object {
    with_json(&value.to_string())
}

fn with_json(value: &str) -> Object {
    serde_json::from_str(&format!(r#"{{"it":{value}}}"#)).unwrap()
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
        let text = with(value.clone()).text("it");
        assert_eq!(text.as_deref(), expected, "{value}");
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
        let expected = expected
            .map(|texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>());
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
        (
            "1e400",
            Err("it is what cannot be represented, not a number"),
        ),
    ] {
        let time = with_json(json)
            .time("it")
            .map_err(|error| error.to_string());
        let expected = expected.map(|time| time.map(Timestamp));
        assert_eq!(time, expected.map_err(str::to_owned), "{json}");
    }
}

#[test]
fn a_whole_number_is_read_from_a_number_alone() {
    for (json, expected) in [
        ("583231", Some(583_231)),
        ("18446744073709551615", Some(u64::MAX)),
        ("18446744073709551616", None),
        ("-1", None),
        ("1.5", None),
        (r#""583231""#, None),
        ("null", None),
        ("[7]", None),
    ] {
        assert_eq!(with_json(json).whole("it"), expected, "{json}");
    }
}

#[test]
fn objects_are_read_whatever_else_is_in_the_list() {
    let list = r#"[{"a":"x"}, 7, "\ud800", [], {"a":1e400,"b":"y"}, {"a":1,"a":2}]"#;
    let objects = with_json(list).objects("it").unwrap();
    let texts: Vec<_> = objects
        .iter()
        .map(|it| (it.text("a"), it.text("b")))
        .collect();
    let own = |text: &str| Some(text.to_owned());
    assert_eq!(texts, [(own("x"), None), (None, own("y"))]);
    for other in ["7", "{}", r#""x""#, "null"] {
        assert!(with_json(other).objects("it").is_none(), "{other}");
    }
}

#[test]
fn what_cannot_be_represented_is_there_and_of_no_kind() {
    let deep = "[".repeat(1000) + &"]".repeat(1000);
    for json in [
        r#""\ud800""#,
        r#"["\udc00 is alone"]"#,
        "1e400",
        "-1e400",
        &deep,
    ] {
        let object = with_json(&format!(r#"{json},"other":"read""#));
        assert!(object.has("it"), "{json}");
        assert_eq!(object.text("it"), None, "{json}");
        assert_eq!(object.boolean("it"), None, "{json}");
        assert!(object.texts("it").is_err(), "{json}");
        assert!(object.time("it").is_err(), "{json}");
        assert_eq!(object.text("other").as_deref(), Some("read"), "{json}");
    }
}

#[test]
fn what_is_no_json_is_an_error_wherever_it_is() {
    for json in [
        r#""\x""#, "\"\n\"", "01", "1e", "[1,]", "{1:2}", "[", "nul", "",
    ] {
        let text = format!(r#"{{"it":{json}}}"#);
        assert!(serde_json::from_str::<Object>(&text).is_err(), "{json}");
    }
    for bytes in [&b"{\"it\":\"\xff\"}"[..], b"{\"\\ud800\":1}"] {
        assert!(
            serde_json::from_slice::<Object>(bytes).is_err(),
            "{bytes:?}"
        );
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
