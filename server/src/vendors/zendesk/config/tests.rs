//! Invalid settings stop the start and are named without their values. The URL of visitors.

use super::*;
use crate::{config::ConfigProblems, startup::Config};

type Setting = (&'static str, &'static str);

const BASE: [Setting; 4] = [
    ("LATCHKEY_ENV", "demo"),
    ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
    ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
    ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
];
const PRODUCTION: [Setting; 2] = [
    ("LATCHKEY_ENV", "production"),
    ("SMTP_URL", "smtps://mail.example.com"),
];
const CHAT: Setting = (
    "ZENDESK_CHAT_SECRET",
    "canary-of-the-secret-for-chats-visitors",
);
const KEY_ID: Setting = ("ZENDESK_MESSAGING_KEY_ID", "app_canary");
const MESSAGING: Setting = (
    "ZENDESK_MESSAGING_SECRET",
    "canary-of-the-secret-of-messaging",
);
const API: Setting = ("ZENDESK_CHAT_API_TOKEN", "canary-of-the-token-of-the-api");

fn load(settings: &[Setting]) -> Result<Config, ConfigProblems> {
    let pairs = BASE.iter().chain(settings);
    let source = Source::new(pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from_source(&source)
}

#[test]
fn each_part_is_on_by_itself_and_no_secret_is_in_the_debug_output() {
    for settings in [&[CHAT][..], &[KEY_ID, MESSAGING], &[API]] {
        assert!(load(settings).is_ok());
    }
    let debug = format!("{:?}", load(&[CHAT, KEY_ID, MESSAGING, API]).unwrap());
    assert!(debug.contains("app_canary") && !debug.contains("canary-of"));
}

#[test]
fn what_is_wrong_or_missing_is_named_without_values() {
    for (settings, name) in [
        (
            &[("ZENDESK_CHAT_SECRET", "canary")][..],
            "ZENDESK_CHAT_SECRET",
        ),
        (&[KEY_ID], "ZENDESK_MESSAGING_SECRET"),
        (&[MESSAGING], "ZENDESK_MESSAGING_KEY_ID"),
        (
            &[API, ("ZENDESK_CHAT_API_URL", "canary")],
            "ZENDESK_CHAT_API_URL",
        ),
        (
            &[("ZENDESK_CHAT_API_TOKEN", "canary of")],
            "ZENDESK_CHAT_API_TOKEN",
        ),
    ] {
        let problems = load(settings).unwrap_err().to_string();
        assert!(problems.starts_with(name), "{name}: {problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}

#[test]
fn production_takes_neither_demo_secrets_nor_plain_http() {
    for settings in [
        &[(
            "ZENDESK_CHAT_SECRET",
            "zendesk-chat-demo-secret-not-for-production",
        )][..],
        &[
            KEY_ID,
            (
                "ZENDESK_MESSAGING_SECRET",
                "demo-secret-of-messaging-not-for-production",
            ),
        ],
        &[("ZENDESK_CHAT_API_TOKEN", "zendesk-demo-api-token")],
        &[
            API,
            ("ZENDESK_CHAT_API_URL", "http://localhost:3001/zendesk"),
        ],
    ] {
        assert!(load(settings).is_ok());
        let production = [&PRODUCTION[..], settings].concat();
        let problems = load(&production).unwrap_err().to_string();
        assert!(
            problems.starts_with(settings[settings.len() - 1].0),
            "{problems}"
        );
    }
}

#[test]
fn a_secret_that_signs_for_two_stops_the_start() {
    for (name, with) in [
        ("ZENDESK_MESSAGING_SECRET", KEY_ID),
        (
            "LATCHKEY_TOKEN_SECRET",
            ("LATCHKEY_TOKEN_ISSUER", "https://accounts.example.com"),
        ),
    ] {
        let problems = load(&[CHAT, (name, CHAT.1), with]).unwrap_err().to_string();
        assert!(
            problems.contains("must not be the same secret as"),
            "{name}: {problems}"
        );
        assert!(
            problems.contains(name) && !problems.contains("canary"),
            "{problems}"
        );
    }
}

#[test]
fn visitors_are_shown_at_the_old_address_and_at_the_new_one() {
    for (base, collection) in [
        (
            "https://www.zopim.com/",
            "https://www.zopim.com/api/v2/visitors/",
        ),
        (
            "https://acme.zendesk.com/",
            "https://acme.zendesk.com/api/v2/chat/visitors/",
        ),
        (
            "http://localhost:3001/zendesk/",
            "http://localhost:3001/zendesk/api/v2/visitors/",
        ),
        (
            "https://proxy.test/api/v2/chat/",
            "https://proxy.test/api/v2/chat/visitors/",
        ),
        (
            "https://proxy.test/api/v2/",
            "https://proxy.test/api/v2/visitors/",
        ),
    ] {
        assert_eq!(
            super::collection(&base.parse().unwrap()).unwrap().as_str(),
            collection
        );
    }
}
