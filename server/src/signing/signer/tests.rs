//! Every algorithm signs what another library verifies, and takes no key of another kind.

use jsonwebtoken::{DecodingKey, Validation, decode};
use serde_json::{Value, json};

use super::*;

const SECRET: &[u8] = b"a secret of no one, with 64 bytes: 0123456789abcdef0123456789abc";

const PEMS: [(&str, &str); 4] = [
    ("rsa", include_str!("../samples/rsa.pem")),
    ("p256", include_str!("../samples/p256.pem")),
    ("p384", include_str!("../samples/p384.pem")),
    ("ed25519", include_str!("../samples/ed25519.pem")),
];

fn signer(algorithm: Algorithm, key: &str) -> Result<Signer, UnusableKey> {
    let pem = PEMS.iter().find(|(name, _)| *name == key).unwrap().1;
    Signer::from_pem(algorithm, pem)
}

fn header(algorithm: Algorithm) -> String {
    URL_SAFE_NO_PAD.encode(json!({ "alg": algorithm }).to_string())
}

#[track_caller]
fn assert_verified(signer: &Signer, algorithm: Algorithm, key: &DecodingKey) {
    let token = signer
        .token(&header(algorithm), &json!({ "sub": "a" }))
        .unwrap();
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    let decoded = decode::<Value>(&token, key, &validation).unwrap();
    assert_eq!(decoded.claims, json!({ "sub": "a" }));
    assert!(signer.verifies(&token));
    let (message, _) = token.rsplit_once('.').unwrap();
    assert!(!signer.verifies(&format!("{message}x.{}", "A".repeat(86))));
    signer.self_test().unwrap();
}

#[test]
fn another_library_verifies_what_a_secret_signs() {
    let key = DecodingKey::from_secret(SECRET).unwrap();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let signer = Signer::from_secret(algorithm, SECRET).unwrap();
        assert_verified(&signer, algorithm, &key);
    }
}

#[test]
fn another_library_verifies_what_a_private_key_signs_and_no_other_kind_is_taken() {
    for (algorithm, fitting) in [
        (Algorithm::RS256, "rsa"),
        (Algorithm::RS384, "rsa"),
        (Algorithm::RS512, "rsa"),
        (Algorithm::ES256, "p256"),
        (Algorithm::ES384, "p384"),
        (Algorithm::EdDSA, "ed25519"),
    ] {
        for (name, _) in PEMS {
            let signer = signer(algorithm, name);
            match name == fitting {
                true => {
                    let signer = signer.unwrap();
                    assert_verified(&signer, algorithm, signer.public());
                }
                false => assert!(signer.is_err(), "{algorithm:?} with {name}"),
            }
        }
        assert!(Signer::from_pem(algorithm, "no key").is_err());
    }
}
