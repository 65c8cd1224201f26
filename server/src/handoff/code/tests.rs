//! Challenges.

use super::{challenge_of, is_challenge};

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
