//! Which settings stop the start, and that none of them shows the key.

use super::*;
use crate::{config::ConfigProblems, startup::Config};

const DEMO: [(&str, &str); 4] = [
    ("LATCHKEY_ENV", "demo"),
    (
        "LATCHKEY_LOGIN_ORIGIN",
        "http://login.latchkey.localhost:3000",
    ),
    ("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost:3000"),
    ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost"),
];

const PRODUCTION: [(&str, &str); 5] = [
    ("LATCHKEY_ENV", "production"),
    ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
    ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
    ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
    ("SMTP_URL", "smtps://mail.example.com"),
];

/// The settings of a deployment with Knoon on, with one setting changed. An empty value counts as not set.
fn load(
    base: &[(&str, &str)],
    (name, value): (&str, &str),
) -> Result<Option<KnoonConfig>, ConfigProblems> {
    let knoon = [
        ("KNOON_ORG_ID", "org_1"),
        ("KNOON_API_KEY", "canary-key"),
        (name, value),
    ];
    let pairs = base.iter().chain(&knoon);
    let pairs = pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let source = Source::new(pairs);
    let config = Config::from_source(&source)?;
    Ok(KnoonConfig::from_source(&source, &config.http))
}

#[test]
fn the_api_is_knoons_own_unless_set() {
    let url = |change| load(&PRODUCTION, change).unwrap().unwrap().credentials_url;
    assert_eq!(
        url(("KNOON_API_URL", "")).as_str(),
        "https://api.knoon.ai/v1/credentials/login"
    );
    assert_eq!(
        url(("KNOON_API_URL", "https://proxy.example.com/knoon/")).as_str(),
        "https://proxy.example.com/knoon/v1/credentials/login"
    );
}

#[test]
fn without_any_of_its_settings_knoon_is_off() {
    let pairs = DEMO.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let source = Source::new(pairs);
    let config = Config::from_source(&source).unwrap();
    assert!(KnoonConfig::from_source(&source, &config.http).is_none());
}

#[test]
fn a_wrong_setting_stops_the_start_by_name() {
    for (name, value) in [
        ("KNOON_API_URL", "ftp://x"),
        ("KNOON_API_URL", "api.knoon.ai"),
        ("KNOON_ORG_ID", "org:1"),
        ("KNOON_ORG_ID", "größe"),
        ("KNOON_ORG_ID", ""),
        ("KNOON_API_KEY", "schlüssel"),
        ("KNOON_API_KEY", ""),
        ("KNOON_TIMEOUT_MS", "60000"),
    ] {
        let problems = load(&DEMO, (name, value))
            .map(|_| ())
            .map_err(|problems| problems.to_string());
        assert!(
            problems.as_ref().is_err_and(|text| text.starts_with(name)),
            "{name}: {problems:?}"
        );
    }
}

#[test]
fn production_refuses_what_only_the_demo_may_have() {
    for (name, value) in [
        ("KNOON_API_KEY", "knoon-demo-key-not-for-production"),
        ("KNOON_API_KEY", "ChangeMe"),
        ("KNOON_API_URL", "http://localhost:3001/knoon"),
    ] {
        let problems = load(&PRODUCTION, (name, value)).unwrap_err().to_string();
        assert!(problems.contains(name), "{name}: {problems}");
        assert!(!problems.contains(value), "{problems}");
        assert!(load(&DEMO, (name, value)).is_ok(), "{name}");
    }
}

#[test]
fn the_key_is_not_in_the_debug_output() {
    let config = load(&PRODUCTION, ("KNOON_ORG_ID", "org_1")).unwrap();
    let debug = format!("{config:?}");
    assert!(
        debug.contains("org_1") && !debug.contains("canary-key"),
        "{debug}"
    );
}
