//! Tokens are byte for byte the same as those of an independent library, recorded by `end2end/tests/oracles`.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::{
    config::{Attribute, FerndeskConfig},
    credential::Tokens,
};
use crate::{clock::Timestamp, vendors::VendorIdentity};

#[derive(Deserialize)]
struct Golden {
    given: Given,
    made: Made,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    secret: String,
    /// In seconds.
    now: i64,
    lifetime_seconds: u64,
    users: Vec<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    id: String,
    email: String,
    name: String,
    photo_url: Option<String>,
}

#[derive(Deserialize)]
struct Made {
    tokens: Vec<String>,
}

impl From<User> for VendorIdentity {
    fn from(user: User) -> Self {
        Self {
            external_id: user.id,
            email: user.email,
            display_name: user.name,
            photo_url: user.photo_url,
            member_since: Timestamp(0),
        }
    }
}

#[test]
fn tokens_are_those_of_an_independent_library() {
    let Golden { given, made } = serde_json::from_str(include_str!("golden.json")).unwrap();
    let tokens = Tokens::new(&FerndeskConfig {
        secret: SecretString::from(given.secret),
        widget_id: None,
        sdk_url: "https://static.ferndesk.com/dist/sdk.js".parse().unwrap(),
        attributes: vec![Attribute::PhotoUrl],
        lifetime: Duration::from_secs(given.lifetime_seconds),
    })
    .unwrap();
    let now = Timestamp(given.now * 1000);
    let token = |user: User| tokens.token(&user.into(), now).unwrap();
    let ours: Vec<String> = given.users.into_iter().map(token).collect();
    assert_eq!(ours, made.tokens);
}
