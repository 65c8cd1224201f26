//! Which attributes are accepted.

use serde_json::json;

use super::*;

fn parse(object: &Value) -> Result<Attributes, AttributeProblem> {
    Attributes::parse(object.as_object().unwrap())
}

#[test]
fn scalars_are_kept_as_they_are() {
    let object = json!({
        "plan": "gold", "_seats": 12, "ratio": 0.5, "beta": false, "empty": "",
        "nothing": null,
    });
    let attributes = parse(&object).unwrap();
    assert_eq!(
        attributes.get("plan"),
        Some(&AttributeValue::Text("gold".into()))
    );
    assert_eq!(attributes.get("beta"), Some(&AttributeValue::Flag(false)));
    assert_eq!(attributes.get("nothing"), None);
    let mut expected = object;
    expected.as_object_mut().unwrap().remove("nothing");
    assert_eq!(serde_json::to_value(&attributes).unwrap(), expected);
}

#[test]
fn names_are_identifiers() {
    let long = "x".repeat(MAX_NAME);
    for name in ["a", "_", "A9", "snake_case", "camelCase", &long] {
        assert!(parse(&json!({ name: 1 })).is_ok(), "{name}");
    }
    let longer = "x".repeat(MAX_NAME + 1);
    for name in ["", "9a", "a b", "a-b", "a.b", "é", "a\0", "a\n", &longer] {
        let problem = parse(&json!({ name: 1 })).unwrap_err();
        assert!(matches!(problem, AttributeProblem::Name(_)), "{name:?}");
    }
}

#[test]
fn what_is_no_scalar_or_too_much_is_rejected() {
    let named = |problem: fn(String) -> AttributeProblem| problem("a".into());
    let long = |length: usize| json!({ "a": "x".repeat(length) });
    let many = |count: usize| {
        let entries = (0..count).map(|number| (format!("a{number}"), json!(number)));
        Value::Object(entries.collect())
    };
    for (object, expected) in [
        (json!({ "a": [] }), Err(named(AttributeProblem::Value))),
        (json!({ "a": {} }), Err(named(AttributeProblem::Value))),
        (long(MAX_TEXT), Ok(1)),
        (long(MAX_TEXT + 1), Err(named(AttributeProblem::TooLong))),
        (many(MAX_ATTRIBUTES), Ok(MAX_ATTRIBUTES)),
        (many(MAX_ATTRIBUTES + 1), Err(AttributeProblem::TooMany)),
    ] {
        let count = parse(&object).map(|attributes| attributes.iter().count());
        assert_eq!(count, expected);
    }
}
