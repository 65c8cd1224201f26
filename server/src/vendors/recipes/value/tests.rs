//! What is left out, what stops a credential, and the limits of each value.

use serde_json::{Value, json};

use crate::{
    accounts::Attributes,
    clock::Timestamp,
    vendors::{
        identity::VendorIdentity,
        recipes::{
            facts::Random,
            issuer::{Issuer, Order},
            keys::Keys,
            recipe::Recipe,
            unmet::Unmet,
        },
    },
};

fn issuer(claims: &str) -> Issuer {
    let identities = ["{user.id", "{user.email", "{user.attributes"];
    let names_no_user = match identities.iter().any(|name| claims.contains(name)) {
        true => "",
        false => "names_no_user = true\n",
    };
    let text = format!(
        "label = \"Acme\"\ndocs = \"https://docs.example.com\"\nchecked = 2026-11-30\nsure = \"sdk\"\nshape = \"jwt\"\n\
         lifetime = 600\n{names_no_user}max_bytes = 400\n[key]\nvariable = \"ACME_SECRET\"\nencoding = \"utf8\"\n[header]\nalg = \"HS256\"\n\
         [claims]\nexp = \"{{expires}}\"\n{claims}\n"
    );
    let recipe = Recipe::parse("acme", "acme.toml", &text);
    let recipe = recipe.unwrap_or_else(|mistakes| panic!("{mistakes:#?}"));
    let secret = "s".repeat(32).into();
    Issuer {
        origin: "".into(),
        keys: Keys::new(&secret, None, &recipe.key, &recipe.shape)
            .unwrap()
            .into(),
        settings: Default::default(),
        recipe: recipe.into(),
    }
}

/// The claims besides `exp`.
fn claims(text: &str, name: &str, photo: Option<&str>) -> Result<Value, Unmet> {
    let issuer = issuer(text);
    let user = VendorIdentity {
        display_name: name.to_owned(),
        photo_url: photo.map(str::to_owned),
        ..VendorIdentity::placeholder()
    };
    let order = Order {
        user: &user,
        attributes: &Attributes::default(),
        params: &Default::default(),
        now: Timestamp(0),
        random: &Random::default(),
        answers: &Default::default(),
    };
    let [_, claims] = issuer.shown(&order)?.unwrap();
    let mut claims = serde_json::to_value(claims).unwrap();
    claims.as_object_mut().unwrap().remove("exp");
    Ok(claims)
}

#[test]
fn what_is_missing_or_does_not_fit_is_left_out_or_stops_the_credential() {
    let misfit = || Err(Unmet::Misfit("claims.name".to_owned()));
    let missing = || Err(Unmet::Missing("user.name".to_owned()));
    let optional = r#"name = { value = "{user.name}", optional = true, max = 4 }"#;
    let required = r#"name = { value = "{user.name}", required = true, max = 4 }"#;
    let pattern = r#"name = { value = "{user.name}", required = true, pattern = "[a-z]+" }"#;
    let neither = r#"name = { value = "{user.name}", optional = true, pattern = "[a-z]+" }"#;
    for (text, name, expected) in [
        (optional, "Zoë1", Ok(json!({ "name": "Zoë1" }))),
        (optional, "Zoë12", Ok(json!({}))),
        (optional, "", Ok(json!({}))),
        // JavaScript counts two for each.
        (optional, "🌻🌻", Ok(json!({ "name": "🌻🌻" }))),
        (optional, "🌻🌻1", Ok(json!({}))),
        (required, "Zoë1", Ok(json!({ "name": "Zoë1" }))),
        (required, "Zoë12", misfit()),
        (required, "", missing()),
        (pattern, "abc", Ok(json!({ "name": "abc" }))),
        (pattern, "abc\n", misfit()),
        (pattern, "Abc", misfit()),
        (neither, "Abc", Ok(json!({}))),
    ] {
        assert_eq!(claims(text, name, None), expected, "{text} {name:?}");
    }
}

#[test]
fn an_object_without_members_is_left_out_unless_it_is_written_so() {
    let text = r#"
        user = { photo = { value = "{user.photo}", optional = true } }
        list = [1, { value = "{user.photo}", optional = true }]
        text = { stringify = { photo = { value = "{user.photo}", optional = true } } }
        empty = {}
        none = []"#;
    assert_eq!(
        claims(text, "", None),
        Ok(json!({ "list": [1], "empty": {}, "none": [] }))
    );
    let photo = "https://a.example/p";
    let expected = json!({
        "user": { "photo": photo }, "list": [1, photo], "text": format!("{{\"photo\":\"{photo}\"}}"),
        "empty": {}, "none": [],
    });
    assert_eq!(claims(text, "", Some(photo)), Ok(expected));
}

#[test]
fn constants_of_every_type_stay_what_they_are() {
    let text = r#"
        text = "a"
        whole = -9007199254740992
        fraction = 0.5
        flag = false
        list = [1, "a", true, [], {}]
        object = { object = { value = 1, object = 2 } }"#;
    let expected = json!({
        "text": "a", "whole": -9007199254740992_i64, "fraction": 0.5, "flag": false,
        "list": [1, "a", true, [], {}], "object": { "value": 1, "object": 2 },
    });
    assert_eq!(claims(text, "", None), Ok(expected));
}

#[test]
fn a_credential_is_no_longer_than_the_vendor_takes() {
    for (length, fits) in [(30, true), (300, false)] {
        let issuer = issuer(r#"name = { value = "{user.name}", required = true }"#);
        let user = VendorIdentity {
            display_name: "a".repeat(length),
            ..VendorIdentity::placeholder()
        };
        let order = Order {
            user: &user,
            attributes: &Attributes::default(),
            params: &Default::default(),
            now: Timestamp(0),
            random: &Random::default(),
            answers: &Default::default(),
        };
        assert_eq!(issuer.issue(&order).is_ok(), fits, "{length}");
    }
}
