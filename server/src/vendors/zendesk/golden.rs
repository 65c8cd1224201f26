//! Tokens of both chats are byte for byte the same as those of an independent library, recorded by
//! `end2end/tests/oracles`.

use secrecy::SecretString;
use serde::Deserialize;

use super::{
    config::MessagingConfig,
    credential::{ChatTokens, MessagingTokens},
    end_user::EndUser,
};
use crate::clock::Timestamp;

#[derive(Deserialize)]
struct Golden {
    given: Given,
    made: Made,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    chat_secret: String,
    messaging_secret: String,
    key_id: String,
    /// In seconds.
    now: i64,
    users: Vec<User>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct User {
    external_id: String,
    email: String,
    name: String,
    email_verified: bool,
}

#[derive(Deserialize)]
struct Made {
    chat: Vec<String>,
    messaging: Vec<String>,
}

impl From<User> for EndUser {
    fn from(user: User) -> Self {
        Self {
            external_id: user.external_id,
            email: Some(user.email),
            email_verified: user.email_verified,
            name: Some(user.name),
            until: None,
            issuer: None,
            user_id: None,
        }
    }
}

#[test]
fn tokens_are_those_of_an_independent_library() {
    let Golden { given, made } = serde_json::from_str(include_str!("golden.json")).unwrap();
    let chat = ChatTokens::new(&SecretString::from(given.chat_secret)).unwrap();
    let messaging = MessagingTokens::new(&MessagingConfig {
        key_id: given.key_id,
        secret: SecretString::from(given.messaging_secret),
    })
    .unwrap();
    let now = Timestamp(given.now * 1000);
    let users: Vec<EndUser> = given.users.into_iter().map(EndUser::from).collect();
    let ours = |token: &dyn Fn(&EndUser) -> String| users.iter().map(token).collect::<Vec<_>>();
    assert_eq!(ours(&|user| chat.token(user, now).unwrap()), made.chat);
    assert_eq!(
        ours(&|user| messaging.token(user, now).unwrap()),
        made.messaging
    );
}
