//! Which policies of an embedding page let it use the login.

use super::*;

#[test]
fn a_policy_allows_what_browsers_allow() {
    let login: Origin = "https://login.example.com".parse().unwrap();
    for (policy, expected) in [
        ("", true),
        ("img-src 'none'", true),
        ("script-src https://login.example.com", true),
        ("SCRIPT-SRC 'self' login.example.com", true),
        ("script-src *.example.com", true),
        ("script-src https://*.example.com", true),
        ("script-src https:", true),
        ("default-src *", true),
        (
            "default-src 'none'; script-src https://login.example.com",
            true,
        ),
        ("default-src 'self'", false),
        ("script-src 'self'", false),
        ("script-src https://example.com", false),
        ("script-src *.login.example.com", false),
        ("script-src http:", false),
        (
            "default-src https://login.example.com; script-src 'none'",
            false,
        ),
    ] {
        let header = HeaderValue::from_static(policy);
        assert_eq!(allows(&header, "script-src", &login), expected, "{policy}");
    }
}
