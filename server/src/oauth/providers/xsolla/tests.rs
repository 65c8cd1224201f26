//! The settings of Xsolla Login.

use super::super::tests::{Setting, load, names, problems};

const PROJECT: Setting = ("XSOLLA_LOGIN_PROJECT_ID", "canary-project");
const SECRET: Setting = ("XSOLLA_LOGIN_SECRET", "canary-secret-of-the-project");
const CLIENT: [Setting; 2] = [
    ("OAUTH_XSOLLA_CLIENT_ID", "57"),
    ("OAUTH_XSOLLA_CLIENT_SECRET", "canary-secret"),
];
const BY_JWT: Setting = ("OAUTH_XSOLLA_FLOW", "jwt");

#[test]
fn the_jwt_flow_needs_no_client_and_the_code_flow_is_off_without_one() {
    assert!(names(&load(&[&[PROJECT]]).unwrap()).is_empty());
    assert_eq!(names(&load(&[&[PROJECT, BY_JWT]]).unwrap()), ["xsolla"]);
    assert_eq!(names(&load(&[&[PROJECT], &CLIENT]).unwrap()), ["xsolla"]);
}

#[test]
fn no_secret_is_in_the_debug_output() {
    let debug = format!("{:?}", load(&[&[PROJECT, SECRET], &CLIENT]).unwrap());
    assert!(debug.contains("canary-project") && !debug.contains("canary-secret"));
}

#[test]
fn what_is_wrong_or_missing_is_named_without_values() {
    let [id, secret] = CLIENT;
    for (settings, name) in [
        (&[BY_JWT][..], "XSOLLA_LOGIN_PROJECT_ID"),
        (&CLIENT, "XSOLLA_LOGIN_PROJECT_ID"),
        (&[PROJECT, id], "OAUTH_XSOLLA_CLIENT_SECRET"),
        (&[PROJECT, secret], "OAUTH_XSOLLA_CLIENT_ID"),
        (
            &[PROJECT, ("OAUTH_XSOLLA_FLOW", "canary")],
            "OAUTH_XSOLLA_FLOW",
        ),
        (
            &[PROJECT, BY_JWT, ("XSOLLA_LOGIN_SECRET", "canary")],
            "XSOLLA_LOGIN_SECRET",
        ),
        (
            &[PROJECT, BY_JWT, ("OAUTH_XSOLLA_URL", "http://canary.test")],
            "OAUTH_XSOLLA_URL",
        ),
        (
            &[PROJECT, BY_JWT, ("XSOLLA_LOGIN_API_URL", "canary")],
            "XSOLLA_LOGIN_API_URL",
        ),
    ] {
        let problems = problems(&[settings]);
        assert!(problems.starts_with(name), "{name}: {problems}");
        assert!(!problems.contains("canary"), "{problems}");
    }
}
