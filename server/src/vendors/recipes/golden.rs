//! Credentials are those of vendors' own libraries, recorded in `recipes/golden/` by the scripts in
//! `end2end/recipes/`. A file that ends in `.toml` there is a recipe for one vector that differs from the shipped
//! one, since a vendor's libraries differ from each other.

use std::{
    cell::OnceCell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    facts::Random,
    issuer::{Issuer, Order},
    keys::Keys,
    recipe::Recipe,
    shipped,
};
use crate::{accounts::Attributes, clock::Timestamp, vendors::identity::VendorIdentity};

/// What no recipe makes, and why.
const NOT_MADE: [(&str, &str); 8] = [
    ("ably.pypi", "nulls for what is missing"),
    ("discourse.pypi", "a query in Python's encoding"),
    (
        "discourse.unverified",
        "an unverified address is never asserted",
    ),
    ("firebase.pypi", "spaces in its JSON"),
    (
        "meilisearch.eternal.pypi",
        "exp is null, which verifiers refuse",
    ),
    ("pusher-channel.pypi", "spaces and escapes in its JSON"),
    ("pusher-user.pypi", "spaces and escapes in its JSON"),
    ("typesense.pypi", "spaces in its JSON"),
];

#[derive(Deserialize)]
struct Golden {
    recipe: String,
    user: User,
    settings: BTreeMap<String, String>,
    params: Map<String, Value>,
    /// In seconds.
    now: i64,
    random: BTreeMap<String, String>,
    output: BTreeMap<String, Value>,
    compare: String,
}

#[derive(Deserialize)]
struct User {
    id: String,
    email: String,
    display_name: String,
    photo_url: Option<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../recipes/golden")
}

/// The recipe of a vector: one of its own, or the shipped one.
fn recipe(stem: &str, golden: &Golden) -> Recipe {
    let own = fs::read_to_string(folder().join(format!("{stem}.toml")));
    let shipped = || shipped::text(&golden.recipe).map(str::to_owned);
    let text = own.ok().or_else(shipped);
    let text = text.unwrap_or_else(|| panic!("{stem}: no recipe {}", golden.recipe));
    let name = golden.recipe.as_str();
    Recipe::parse(name, stem, &text).unwrap_or_else(|mistakes| panic!("{mistakes:#?}"))
}

/// The value of a variable: libraries call it by the end of its name.
fn given(golden: &Golden, variable: &str) -> Option<String> {
    let of = |end: &str| {
        let mut settings = golden.settings.iter();
        settings.find_map(|(name, value)| {
            let name = name.strip_suffix(end)?;
            variable.ends_with(&format!("_{name}")).then_some(value)
        })
    };
    let file = || of("_FILE").map(|path| fs::read_to_string(folder().join(path)).unwrap());
    of("").cloned().or_else(file)
}

fn issuer(stem: &str, golden: &Golden) -> Issuer {
    let recipe = recipe(stem, golden);
    let params: Vec<String> = golden.params.values().map(text).collect();
    let setting = |variable: &str, default: &Option<String>| {
        // A library has no list of what is allowed: let it be what was asked for.
        let value = given(golden, variable).or_else(|| default.clone());
        value.unwrap_or_else(|| params.join(","))
    };
    let settings = recipe.settings.iter();
    let settings = settings
        .map(|it| (it.name.clone(), setting(&it.variable, &it.default)))
        .collect();
    // A published key is the server's, under a name of its own.
    let variable = match recipe.key.is_published() {
        true => "ACME_PRIVATE_KEY",
        false => &recipe.key.variable,
    };
    let key = given(golden, variable);
    let key = key.unwrap_or_else(|| panic!("{stem}: no {variable}"));
    let keys = |key: String| Keys::new(&SecretString::from(key), None, &recipe.key, &recipe.shape);
    // Some vendors hand out the base64 of the file.
    let keys = keys(key.clone()).or_else(|_| keys(STANDARD.encode(key)));
    let origin = given(golden, "ACME_ISSUER").unwrap_or_default();
    Issuer {
        origin: origin.into(),
        keys: Arc::new(keys.unwrap()),
        settings: Arc::new(settings),
        recipe: Arc::new(recipe),
    }
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn made(stem: &str, golden: &Golden) -> Value {
    let issuer = issuer(stem, golden);
    let given = golden.params.iter();
    let given = given
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    let random = golden.random.values().next();
    let random = random.cloned().map(OnceCell::from).unwrap_or_default();
    let user = &golden.user;
    let order = Order {
        user: &VendorIdentity {
            external_id: user.id.clone(),
            email: user.email.clone(),
            display_name: user.display_name.clone(),
            photo_url: user.photo_url.clone(),
            member_since: Timestamp(0),
        },
        attributes: &Attributes::default(),
        params: &issuer.params(&given).unwrap(),
        now: Timestamp(golden.now * 1000),
        answers: &BTreeMap::new(),
        random: &Random {
            uuid: random.clone(),
            hex: random.clone(),
            digits: random,
        },
    };
    let response = issuer.issue(&order);
    let response = response.unwrap_or_else(|error| panic!("{stem}: {error}"));
    serde_json::to_value(response).unwrap()
}

/// Header and claims of a token.
fn decoded(token: &Value) -> Vec<Value> {
    let parts = token.as_str().unwrap().split('.').take(2);
    parts
        .map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap())
        .collect()
}

/// Verifies the signature with the recorded public key, or with the secret.
fn verify(stem: &str, golden: &Golden, token: &Value) {
    let mut settings = golden.settings.iter();
    let file = settings.find_map(|(name, file)| name.ends_with("_FILE").then_some(file));
    let public =
        file.map(|file| fs::read(folder().join(file.replace(".pem", ".pub.pem"))).unwrap());
    let public = public.as_deref().unwrap_or_default();
    let (algorithm, key) = match decoded(token)[0]["alg"].as_str().unwrap() {
        "ES256" => (Algorithm::ES256, DecodingKey::from_ec_pem(public)),
        "EdDSA" => (Algorithm::EdDSA, DecodingKey::from_ed_pem(public)),
        "RS256" => (Algorithm::RS256, DecodingKey::from_rsa_pem(public)),
        "HS256" => {
            let mut settings = golden.settings.iter();
            let secret = settings
                .find(|(name, _)| name.ends_with("SECRET"))
                .unwrap()
                .1;
            (
                Algorithm::HS256,
                DecodingKey::from_secret(secret.as_bytes()),
            )
        }
        other => panic!("{stem}: {other}"),
    };
    let (message, signature) = token.as_str().unwrap().rsplit_once('.').unwrap();
    let valid = crypto::verify(signature, message.as_bytes(), &key.unwrap(), algorithm).unwrap();
    assert!(valid, "{stem}");
}

#[test]
fn credentials_are_those_of_the_vendors_libraries() {
    let mut compared = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let Some(stem) = name.strip_suffix(".json") else {
            continue;
        };
        if NOT_MADE.iter().any(|(not_made, _)| *not_made == stem) {
            continue;
        }
        let golden: Golden = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let made = made(stem, &golden);
        for (field, expected) in &golden.output {
            let ours = &made[field];
            if golden.compare == "bytes" {
                assert_eq!(ours, expected, "{stem}: {field}");
            } else {
                assert_eq!(decoded(ours), decoded(expected), "{stem}: {field}");
                verify(stem, &golden, ours);
            }
        }
        compared += 1;
    }
    assert!(compared >= 40, "only {compared}");
}
