//! The value language: each word of it, and values that could break out of their place.

use std::{cell::OnceCell, collections::BTreeMap, time::Duration};

use super::super::scope::ParamScope;
use super::*;
use crate::{
    accounts::{AttributeValue, Attributes},
    vendors::{identity::VendorIdentity, recipes::facts::Random},
};

fn scope() -> Scope {
    Scope {
        settings: vec!["app".to_owned()],
        attributes: vec!["plan".to_owned(), "seats".to_owned(), "beta".to_owned()],
        times: vec!["session".to_owned()],
        params: BTreeMap::from([
            (
                "room".to_owned(),
                ParamScope {
                    optional: true,
                    is_free: false,
                },
            ),
            (
                "search".to_owned(),
                ParamScope {
                    optional: false,
                    is_free: true,
                },
            ),
        ]),
        has_key_name: true,
        ..Scope::default()
    }
}

/// The value of a text for one user, as JSON; empty if it is missing.
#[track_caller]
fn made(text: &str, name: &str) -> String {
    let user = VendorIdentity {
        external_id: "0aF".to_owned(),
        email: "Zoë+1@Example.com".to_owned(),
        display_name: name.to_owned(),
        photo_url: None,
        member_since: Timestamp(0),
    };
    let known = |text: &str| OnceCell::from(text.to_owned());
    let attributes: Attributes = [
        ("plan".to_owned(), AttributeValue::Text("pro".to_owned())),
        ("seats".to_owned(), AttributeValue::Number(3.into())),
        ("beta".to_owned(), AttributeValue::Flag(true)),
    ]
    .into_iter()
    .collect();
    let facts = Facts {
        user: &user,
        attributes: &attributes,
        now: Timestamp(1_790_000_000_500),
        issued: Timestamp(1_789_999_995_500),
        lifetime: Some(Duration::from_secs(600)),
        times: &BTreeMap::from([("session".to_owned(), Duration::from_secs(60))]),
        settings: &BTreeMap::from([("app".to_owned(), "app1".to_owned())]),
        params: &BTreeMap::from([("room".to_owned(), Json::Text("lobby".to_owned()))]),
        issuer: "https://login.example.com",
        key_name: "k1",
        key_start: "k1:s",
        random: &Random {
            uuid: known("u"),
            hex: known("h"),
            digits: known("d"),
        },
        payload: String::new(),
        token: String::new(),
        macs: BTreeMap::new(),
        answers: &BTreeMap::new(),
    };
    let text = Text::parse(text, &scope()).unwrap();
    let value = text.value(&facts);
    value.map(|value| value.to_string()).unwrap_or_default()
}

#[test]
fn each_value_and_filter_has_one_meaning() {
    for (text, expected) in [
        ("{user.id}", r#""0aF""#),
        ("{user.email}", r#""Zoë+1@Example.com""#),
        ("{user.email|lower}", r#""zoë+1@example.com""#),
        ("{user.name}", r#""Zoë \"O'B\"""#),
        ("{user.name|url}", r#""Zo%C3%AB%20%22O%27B%22""#),
        ("{user.name|base64}", r#""Wm/DqyAiTydCIg==""#),
        (
            "{user.id|sha256}",
            r#""978ed318400476db0a585ef2d87ce9d8a3eb3d184c428c82cc037bed54eb20c7""#,
        ),
        ("{user.photo}", ""),
        ("{user.member_since}", r#""1970-01-01""#),
        ("{user.attributes.plan}", r#""pro""#),
        ("{user.attributes.seats}", "3"),
        ("{user.attributes.seats|string}", r#""3""#),
        ("{user.attributes.beta}", "true"),
        ("{user.attributes.beta|string}", r#""true""#),
        ("{now}", "1790000000"),
        ("{now|ms}", "1790000000500"),
        ("{now|iso}", r#""2026-09-21T14:13:20.500Z""#),
        ("{now|string}", r#""1790000000""#),
        ("{issued}", "1789999995"),
        ("{expires}", "1790000595"),
        ("{expires|ms}", "1790000595500"),
        ("{lifetime}", "600"),
        ("{time.session}", "1790000060"),
        ("{random.uuid}", r#""u""#),
        ("{random.hex}-{random.digits}", r#""h-d""#),
        ("{key.name}", r#""k1""#),
        ("{issuer}", r#""https://login.example.com""#),
        ("{setting.app}", r#""app1""#),
        ("{param.room}", r#""lobby""#),
        ("a {{b}} {user.id}", r#""a {b} 0aF""#),
        ("{setting.app}-{issued}", r#""app1-1789999995""#),
        ("{user.name|json}", r#""\"Zoë \\\"O'B\\\"\"""#),
        ("owner={user.name|url}", r#""owner=Zo%C3%AB%20%22O%27B%22""#),
        ("constant", r#""constant""#),
    ] {
        assert_eq!(made(text, "Zoë \"O'B\""), expected, "{text}");
    }
}

#[test]
fn a_name_that_is_empty_is_missing() {
    assert_eq!(made("{user.name}", ""), "");
    assert_eq!(made("Dear {user.name|url}", ""), "");
}

#[test]
fn no_value_that_a_user_chooses_stands_beside_other_text_as_it_is() {
    for name in [
        "user.email",
        "user.name",
        "user.photo",
        "user.attributes.plan",
        "param.search",
    ] {
        for filter in ["", "|lower", "|string", "|json"] {
            for text in [
                format!("a{{{name}{filter}}}"),
                format!("{{{name}{filter}}}a"),
                format!("{{{name}{filter}}}{{user.id}}"),
            ] {
                let parsed = Text::parse(&text, &scope());
                assert!(parsed.unwrap_err().contains("stand alone"), "{text}");
            }
        }
        for filter in ["|url", "|base64", "|sha256"] {
            assert!(Text::parse(&format!("a{{{name}{filter}}}"), &scope()).is_ok());
        }
    }
}

#[test]
fn random_values_are_of_their_kind_and_the_same_all_over_one_credential() {
    let random = Random::default();
    let uuid = random.uuid();
    assert_eq!(uuid, random.uuid());
    assert_ne!(uuid, Random::default().uuid());
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(&uuid[14..15], "4");
    assert!("89ab".contains(&uuid[19..20]));
    assert_eq!(random.hex().len(), 32);
    assert!(
        random.digits().len() == 16 && random.digits().bytes().all(|byte| byte.is_ascii_digit())
    );
}
