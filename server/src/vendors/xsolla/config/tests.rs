//! Invalid settings stop the start with an error that names them without their values.

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
const PROJECT: Setting = ("XSOLLA_LOGIN_PROJECT_ID", "canary-project");

fn load(settings: &[Setting]) -> Result<Config, ConfigProblems> {
    let pairs = BASE.iter().chain(settings);
    let source = Source::new(pairs.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    Config::from_source(&source)
}

#[test]
fn a_project_is_enough_and_no_secret_is_in_the_debug_output() {
    assert!(load(&[PROJECT]).is_ok());
    let secret = ("XSOLLA_LOGIN_SECRET", "canary-secret-of-the-project");
    let debug = format!("{:?}", load(&[PROJECT, secret]).unwrap());
    assert!(debug.contains("canary-project") && !debug.contains("canary-secret"));
}

#[test]
fn what_is_wrong_is_named_without_values() {
    for (settings, name) in [
        (
            &[("XSOLLA_LOGIN_SECRET", "canary-secret-of-the-project")][..],
            "XSOLLA_LOGIN_PROJECT_ID",
        ),
        (
            &[PROJECT, ("XSOLLA_LOGIN_SECRET", "canary")],
            "XSOLLA_LOGIN_SECRET",
        ),
        (
            &[PROJECT, ("XSOLLA_LOGIN_API_URL", "canary")],
            "XSOLLA_LOGIN_API_URL",
        ),
        (
            &[PROJECT, ("XSOLLA_LOGIN_API_URL", "ftp://canary.test")],
            "XSOLLA_LOGIN_API_URL",
        ),
    ] {
        let problems = load(settings).unwrap_err().to_string();
        assert!(problems.starts_with(name), "{name}: {problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}

#[test]
fn production_takes_neither_a_demo_secret_nor_plain_http() {
    for setting in [
        (
            "XSOLLA_LOGIN_SECRET",
            "xsolla-demo-secret-not-for-production",
        ),
        ("XSOLLA_LOGIN_API_URL", "http://localhost:3001/xsolla/api"),
    ] {
        assert!(load(&[PROJECT, setting]).is_ok());
        let production = [&PRODUCTION[..], &[PROJECT, setting]].concat();
        let problems = load(&production).unwrap_err().to_string();
        assert!(problems.starts_with(setting.0), "{problems}");
    }
}

#[test]
fn a_secret_that_signs_for_two_stops_the_start() {
    let same = "canary-of-a-secret-that-two-sides-sign-with";
    let problems = load(&[
        PROJECT,
        ("XSOLLA_LOGIN_SECRET", same),
        ("LATCHKEY_TOKEN_ISSUER", "https://accounts.example.com"),
        ("LATCHKEY_TOKEN_SECRET", same),
    ]);
    let problems = problems.unwrap_err().to_string();
    assert!(problems.contains("must not be the same secret as XSOLLA_LOGIN_SECRET"));
    assert!(!problems.contains("canary"), "{problems}");
}
