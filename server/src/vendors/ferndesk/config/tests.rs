//! The server does not start with settings that would not protect users.

use super::*;
use crate::startup::Config;

const SECRET: &str = "a-secret-of-more-than-32-characters";

fn read(changes: &[(&str, &str)]) -> Result<Option<FerndeskConfig>, String> {
    let demo = [
        ("LATCHKEY_ENV", "demo"),
        (
            "LATCHKEY_LOGIN_ORIGIN",
            "http://login.latchkey.localhost:3000",
        ),
        ("LATCHKEY_SITE_ORIGIN", "http://www.latchkey.localhost:3000"),
        ("LATCHKEY_COOKIE_DOMAIN", "latchkey.localhost"),
        ("FERNDESK_JWT_SECRET", SECRET),
        ("FERNDESK_WIDGET_ID", "wg_1"),
    ];
    let settings = demo.iter().chain(changes);
    let settings = settings.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let source = Source::new(settings);
    let config = Config::from_source(&source).map_err(|error| error.to_string())?;
    Ok(FerndeskConfig::from_source(&source, &config.http))
}

#[test]
fn it_is_off_without_its_variables_and_says_which_is_missing() {
    let off = [("FERNDESK_JWT_SECRET", ""), ("FERNDESK_WIDGET_ID", "")];
    assert!(read(&off).unwrap().is_none());
    let without_page = read(&[("FERNDESK_WIDGET_ID", "")]).unwrap();
    assert_eq!(without_page.unwrap().widget_id, None);
    let error = read(&[("FERNDESK_JWT_SECRET", "")]).unwrap_err();
    assert_eq!(
        error,
        "FERNDESK_JWT_SECRET must be set together with FERNDESK_WIDGET_ID."
    );
}

#[test]
fn a_weak_secret_is_named_and_not_shown() {
    for secret in [
        "short",
        "                                  x",
        "0123456789abcdef0123456789abcde",
    ] {
        let error = read(&[("FERNDESK_JWT_SECRET", secret)]).unwrap_err();
        assert!(error.starts_with("FERNDESK_JWT_SECRET must be"), "{error}");
        assert!(!error.contains(secret.trim()), "{error}");
    }
}

#[test]
fn production_takes_no_secret_of_an_example() {
    let production = [
        ("LATCHKEY_ENV", "production"),
        ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
        ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
        ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
        ("SMTP_URL", "smtps://mail.example.com"),
        ("MAIL_FROM", "Example <no-reply@example.com>"),
    ];
    assert!(read(&production).unwrap().is_some());
    let placeholder = ("FERNDESK_JWT_SECRET", "changeme-changeme-changeme-changeme");
    let error = read(&[&production[..], &[placeholder]].concat()).unwrap_err();
    assert!(error.contains("not a placeholder"), "{error}");
    let error = read(
        &[
            &production[..],
            &[("FERNDESK_SDK_URL", "http://a.test/sdk.js")],
        ]
        .concat(),
    );
    assert!(error.unwrap_err().starts_with("FERNDESK_SDK_URL must be"));
}

#[test]
fn attributes_are_those_that_a_user_has() {
    let config = read(&[("FERNDESK_ATTRIBUTES", " photo_url ,member_since")]).unwrap();
    assert_eq!(
        config.unwrap().attributes,
        [Attribute::PhotoUrl, Attribute::MemberSince]
    );
    let error = read(&[("FERNDESK_ATTRIBUTES", "password_hash")]).unwrap_err();
    assert!(error.starts_with("FERNDESK_ATTRIBUTES must be"), "{error}");
}

#[test]
fn a_secret_that_signs_for_two_stops_the_start() {
    let other = [
        ("LATCHKEY_TOKEN_SECRET", SECRET),
        ("LATCHKEY_TOKEN_ISSUER", "https://accounts.example.com"),
    ];
    let error = read(&other).unwrap_err();
    assert!(error.contains("must not be the same secret as"), "{error}");
    assert!(error.contains("FERNDESK_JWT_SECRET") && !error.contains(SECRET));
}
