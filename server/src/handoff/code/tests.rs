//! Challenges, and which code and associated data decrypt a credential.

use super::{challenge_of, is_challenge, open, seal};

const PLAIN: &str = r#"{"data":{"jwt":"a.b.c","expiresAt":4000000000},"expires_at":4000000000000}"#;

#[test]
fn the_challenge_is_that_of_the_rfc() {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    assert_eq!(challenge_of(verifier), challenge);
    assert!(is_challenge(challenge));
    for other in [
        "",
        "x",
        &challenge[1..],
        &format!("{challenge}x"),
        &challenge.replace('-', "+"),
    ] {
        assert!(!is_challenge(other), "{other}");
    }
}

#[test]
fn a_credential_opens_under_its_code_and_binding_only() {
    let sealed = seal("code", "cb challenge page", PLAIN.into()).unwrap();
    assert!(!sealed.contains("jwt"));
    assert_eq!(
        open("code", "cb challenge page", &sealed).unwrap().data["jwt"],
        "a.b.c"
    );
    assert_eq!(open("cod", "cb challenge page", &sealed), None);
    assert_eq!(open("code", "cb challenge other", &sealed), None);
    assert_eq!(open("code", "cb challenge page", &sealed[4..]), None);
}
