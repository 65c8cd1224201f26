//! The settings of each provider. A wrong value stops the server from starting; the message names the
//! variable but not its value.

use p256::{
    SecretKey,
    elliptic_curve::Generate,
    pkcs8::{EncodePrivateKey, LineEnding},
};

use crate::{
    config::{ConfigProblems, Source},
    startup::Config,
};

pub(super) type Setting = (&'static str, &'static str);

const PRODUCTION: [Setting; 5] = [
    ("LATCHKEY_ENV", "production"),
    ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
    ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
    ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
    ("SMTP_URL", "smtps://mail.example.com"),
];

const SSO: [Setting; 3] = [
    ("OAUTH_SSO_ISSUER", "https://sso.example.com/realms/main"),
    ("OAUTH_SSO_CLIENT_ID", "canary-id"),
    ("OAUTH_SSO_CLIENT_SECRET", "canary-secret"),
];
const GOOGLE: [Setting; 2] = [
    ("OAUTH_GOOGLE_CLIENT_ID", "canary-id"),
    ("OAUTH_GOOGLE_CLIENT_SECRET", "canary-secret"),
];
const MICROSOFT: [Setting; 3] = [
    ("OAUTH_MICROSOFT_CLIENT_ID", "canary-id"),
    ("OAUTH_MICROSOFT_CLIENT_SECRET", "canary-secret"),
    (
        "OAUTH_MICROSOFT_TENANT",
        "9188040d-6c67-4c5b-b112-36a304b66dad",
    ),
];
const APPLE: [Setting; 3] = [
    ("OAUTH_APPLE_CLIENT_ID", "canary.id"),
    ("OAUTH_APPLE_TEAM_ID", "TEAM123456"),
    ("OAUTH_APPLE_KEY_ID", "KEY1234567"),
];
const GITHUB: [Setting; 2] = [
    ("OAUTH_GITHUB_CLIENT_ID", "canary-id"),
    ("OAUTH_GITHUB_CLIENT_SECRET", "canary-secret"),
];
fn ec_key() -> String {
    let key = SecretKey::generate();
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

pub(super) fn load(settings: &[&[(&str, &str)]]) -> Result<Config, ConfigProblems> {
    let all = [&[&PRODUCTION[..]], settings].concat().concat();
    let pairs = all.into_iter();
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Config::from_source(&Source::new(pairs))
}

pub(super) fn problems(settings: &[&[(&str, &str)]]) -> String {
    load(settings).map_or_else(|problems| problems.to_string(), |_| "none".to_owned())
}

pub(super) fn names(config: &Config) -> Vec<&'static str> {
    let providers = config.oauth.providers(&crate::clock::Clock::system());
    let providers = providers.unwrap();
    providers.iter().map(|provider| provider.name()).collect()
}

#[test]
fn a_provider_is_on_when_its_variables_are_set_and_the_buttons_have_one_order() {
    assert!(names(&load(&[]).unwrap()).is_empty());
    let key = ec_key();
    let apple_key = [("OAUTH_APPLE_PRIVATE_KEY", key.as_str())];
    let all: [&[(&str, &str)]; 6] = [&GITHUB, &APPLE, &apple_key, &MICROSOFT, &GOOGLE, &SSO];
    let order = ["sso", "google", "microsoft", "apple", "github"];
    assert_eq!(names(&load(&all).unwrap()), order);
}

#[test]
fn no_secret_is_in_the_debug_output() {
    let key = ec_key();
    let apple_key = [("OAUTH_APPLE_PRIVATE_KEY", key.as_str())];
    let config = load(&[&SSO, &GOOGLE, &MICROSOFT, &APPLE, &apple_key, &GITHUB]).unwrap();
    let debug = format!("{config:?}");
    assert!(debug.contains("canary-id"), "{debug}");
    assert!(
        !debug.contains("canary-secret") && !debug.contains("PRIVATE KEY"),
        "{debug}"
    );
    assert!(!debug.contains(key.lines().nth(1).unwrap()), "{debug}");
}

#[test]
fn an_incomplete_provider_is_named_without_its_values() {
    for complete in [&SSO[..], &GOOGLE, &MICROSOFT, &APPLE, &GITHUB] {
        for (missing, _) in complete {
            let rest: Vec<Setting> = complete
                .iter()
                .copied()
                .filter(|(name, _)| name != missing)
                .collect();
            if rest
                .iter()
                .all(|(name, _)| name.ends_with("_TEAM_ID") || name.ends_with("_KEY_ID"))
            {
                continue;
            }
            let problems = problems(&[&rest]);
            let prefix = missing
                .rsplit_once("_CLIENT")
                .map_or(*missing, |(prefix, _)| prefix);
            assert!(problems.contains(prefix), "without {missing}: {problems}");
            assert!(!problems.contains("canary"), "{problems}");
        }
    }
}

#[test]
fn a_wrong_value_stops_the_start_by_name() {
    let cases: [(&[Setting], &str, &str); 31] = [
        (&SSO, "OAUTH_SSO_ISSUER", "http://sso.example.com"),
        (&SSO, "OAUTH_SSO_ISSUER", "http://localhost:3001/sso"),
        (&SSO, "OAUTH_SSO_ISSUER", "https://sso.example.com/?canary"),
        (&SSO, "OAUTH_SSO_ISSUER", "https://canary@sso.example.com/"),
        (&SSO, "OAUTH_SSO_ISSUER", "https://sso.example.com/#canary"),
        (&SSO, "OAUTH_SSO_ISSUER", "canary"),
        (&GOOGLE, "OAUTH_GOOGLE_ISSUER", "ftp://accounts.google.com"),
        (&MICROSOFT, "OAUTH_MICROSOFT_TENANT", "common"),
        (&MICROSOFT, "OAUTH_MICROSOFT_TENANT", "organizations"),
        (&MICROSOFT, "OAUTH_MICROSOFT_TENANT", "consumers"),
        (
            &MICROSOFT,
            "OAUTH_MICROSOFT_TENANT",
            "contoso.onmicrosoft.com",
        ),
        (
            &MICROSOFT,
            "OAUTH_MICROSOFT_TENANT",
            "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
        ),
        (&APPLE, "OAUTH_APPLE_PRIVATE_KEY", "canary"),
        (&GITHUB, "OAUTH_GITHUB_URL", "http://github.example.com"),
        (&GITHUB, "OAUTH_GITHUB_API_URL", "canary"),
        (&GITHUB, "OAUTH_GITHUB_DOMAINS", "@canary"),
        (&SSO, "OAUTH_SSO_AUTH", "canary"),
        (&SSO, "OAUTH_SSO_PKCE", "canary"),
        (&SSO, "OAUTH_SSO_TRUST_EMAIL", "canary"),
        (&SSO, "OAUTH_SSO_DISCOVERY", "http://sso.example.com/doc"),
        (&SSO, "OAUTH_SSO_DISCOVERY", "canary"),
        (&SSO, "OAUTH_SSO_SCOPES", "email,canary"),
        (&SSO, "OAUTH_SSO_SCOPES", "email \"canary\""),
        (&SSO, "OAUTH_SSO_PARAMETERS", "canary"),
        (&SSO, "OAUTH_SSO_PARAMETERS", "state=canary"),
        (&SSO, "OAUTH_SSO_PARAMETERS", "a=b&redirect_uri=canary"),
        (&SSO, "OAUTH_SSO_PARAMETERS", "=canary"),
        (&SSO, "OAUTH_SSO_DOMAINS", "canary"),
        (&SSO, "OAUTH_SSO_DOMAINS", "*.canary.com"),
        (&GOOGLE, "OAUTH_GOOGLE_DOMAINS", "example.com canary.com"),
        (&GOOGLE, "OAUTH_GOOGLE_PARAMETERS", "nonce=canary"),
    ];
    for (provider, name, value) in cases {
        let problems = problems(&[provider, &[(name, value)]]);
        assert!(problems.starts_with(name), "{name}={value}: {problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}

#[test]
fn the_time_for_a_request_is_bounded() {
    for value in ["0", "99", "10001", "-1", "ten"] {
        let problems = problems(&[&[("OAUTH_TIMEOUT_MS", value)]]);
        assert!(problems.starts_with("OAUTH_TIMEOUT_MS must"), "{problems}");
    }
}

#[test]
fn a_secret_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.p8");
    std::fs::write(&file, ec_key()).unwrap();
    let path = file.display().to_string();
    let key = [("OAUTH_APPLE_PRIVATE_KEY_FILE", path.as_str())];
    assert_eq!(names(&load(&[&APPLE, &key]).unwrap()), ["apple"]);
}

#[test]
fn an_apple_key_goes_in_exactly_as_downloaded() {
    // Apple's files end without a line break.
    let key = ec_key().trim_end().to_owned();
    let windows = key.replace('\n', "\r\n");
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in [key.clone(), format!("{key}\n"), windows]
        .iter()
        .enumerate()
    {
        let file = folder.path().join(format!("{number}.p8"));
        std::fs::write(&file, text).unwrap();
        let path = file.display().to_string();
        for setting in [
            ("OAUTH_APPLE_PRIVATE_KEY", text.as_str()),
            ("OAUTH_APPLE_PRIVATE_KEY_FILE", path.as_str()),
        ] {
            assert_eq!(problems(&[&APPLE, &[setting]]), "none", "{setting:?}");
        }
    }
    let lines: Vec<&str> = key.lines().collect();
    let body = lines[1..lines.len() - 1].concat();
    for text in [key.replace('\n', "\\n"), body] {
        let problems = problems(&[&APPLE, &[("OAUTH_APPLE_PRIVATE_KEY", &text)]]);
        assert!(
            problems.starts_with("OAUTH_APPLE_PRIVATE_KEY must be the text of the .p8 file"),
            "{text}: {problems}"
        );
    }
}
