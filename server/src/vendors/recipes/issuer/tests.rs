//! What a request says besides declared parameters changes nothing, in every shipped recipe.

use std::cell::OnceCell;

use secrecy::SecretString;

use super::*;
use crate::{random, vendors::recipes::shipped};

fn issuer(name: &str) -> Issuer {
    let recipe = Recipe::parse(name, name, shipped::text(name).unwrap()).unwrap();
    let key = SecretString::from(recipe.key.sample(&recipe.shape));
    let settings = recipe.settings.iter();
    let settings: BTreeMap<_, _> = settings
        .map(|setting| (setting.name.clone(), "1,lobby".to_owned()))
        .collect();
    Issuer {
        origin: "https://login.example.com".into(),
        keys: Keys::new(&key, None, &recipe.key, &recipe.shape)
            .unwrap()
            .into(),
        settings: settings.into(),
        recipe: recipe.into(),
    }
}

fn user(letter: &str) -> VendorIdentity {
    VendorIdentity {
        external_id: letter.repeat(32),
        email: format!("{letter}@example.com"),
        display_name: letter.to_owned(),
        photo_url: Some(format!("https://photos.example.com/{letter}")),
        ..VendorIdentity::placeholder()
    }
}

/// The response and, for a token, its claims, as text.
fn issued(issuer: &Issuer, user: &VendorIdentity, params: &BTreeMap<String, Json>) -> String {
    let known = || OnceCell::from("0".repeat(16));
    let order = Order {
        user,
        attributes: &Attributes::default(),
        params,
        now: Timestamp(1_790_000_000_000),
        random: &Random {
            uuid: known(),
            hex: known(),
            digits: known(),
        },
        answers: &issuer.sample_answers(),
    };
    let shown = issuer.shown(&order).unwrap();
    format!("{shown:?} {:?}", issuer.shown_request(&order).unwrap())
        + &match issuer.recipe.shape {
            // A signature may be another one each time.
            Shape::Jwt(_) => String::new(),
            _ => issuer.issue(&order).unwrap().to_string(),
        }
}

/// A request that allows the recipe to make a credential.
fn request(issuer: &Issuer) -> BTreeMap<String, String> {
    let candidates = [
        "1",
        "lobby",
        "1.2",
        "presence-a",
        "private-a",
        "presence-1",
        "private-1",
    ];
    let params = issuer.recipe.params.iter();
    params
        .filter_map(|param| {
            let fits = |text: &&&str| param.value(Some(text), &issuer.settings).is_ok();
            let text = candidates.iter().find(fits)?;
            Some((param.name.clone(), (*text).to_owned()))
        })
        .collect()
}

#[test]
fn what_a_recipe_does_not_declare_never_reaches_a_credential() {
    let mut compared = 0;
    for name in shipped::names() {
        let issuer = issuer(name);
        let declared = request(&issuer);
        // A channel has to be in the list, which has none here.
        let Ok(params) = issuer.params(&declared) else {
            continue;
        };
        let expected = issued(&issuer, &user("a"), &params);
        for _ in 0..20 {
            let mut given = declared.clone();
            for known in [
                "user",
                "user.id",
                "user_id",
                "id",
                "sub",
                "email",
                "name",
                "exp",
                "iat",
                "iss",
                "aud",
                "kid",
                "alg",
                "token",
                "payload",
                "mac",
                "key",
                "now",
                "role",
                "{user.id}",
                "claims.sub",
                "setting.app",
                "__proto__",
            ] {
                if !issuer.recipe.params.iter().any(|param| param.name == known) {
                    given.insert(known.to_owned(), random::token());
                }
            }
            given.insert(random::token(), random::token());
            let params = issuer.params(&given).unwrap();
            assert_eq!(issued(&issuer, &user("a"), &params), expected, "{name}");
        }
        compared += 1;
    }
    assert!(compared >= 30, "{compared}");
}

#[test]
fn a_credential_has_nothing_of_another_user() {
    for name in shipped::names() {
        let issuer = issuer(name);
        let params = issuer.recipe.params.iter();
        let params = params
            .map(|param| (param.name.clone(), param.sample()))
            .collect();
        let (mine, other) = (user("a"), user("b"));
        let made = issued(&issuer, &mine, &params);
        for of_other in [&other.external_id, &other.email] {
            assert!(!made.contains(of_other.as_str()), "{name}");
        }
    }
}
