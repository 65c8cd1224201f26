//! Malformed tokens and wrong signatures, at both Chat and Messaging.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;

use super::client::{CHAT_SECRET, MESSAGING_SECRET, dana, messaging_dana, token};
use crate::harness::Sandbox;

struct Side {
    secret: &'static str,
    other_secret: &'static str,
    header: &'static str,
    claims: String,
}

fn sides() -> [Side; 2] {
    [
        Side {
            secret: CHAT_SECRET,
            other_secret: MESSAGING_SECRET,
            header: r#"{"typ":"JWT","alg":"HS256"}"#,
            claims: dana().to_string(),
        },
        Side {
            secret: MESSAGING_SECRET,
            other_secret: CHAT_SECRET,
            header: r#"{"typ":"JWT","alg":"HS256","kid":"app_demo"}"#,
            claims: messaging_dana().to_string(),
        },
    ]
}

impl Side {
    fn sign(&self, header: &str, claims: &str) -> String {
        token(header, claims, self.secret, Algorithm::HS256)
    }

    fn right(&self) -> String {
        self.sign(self.header, &self.claims)
    }

    /// Sends the token and returns the status and the recorded outcome.
    async fn send(&self, sandbox: &Sandbox, token: &str) -> (u16, &'static str) {
        let reply = if self.secret == CHAT_SECRET {
            sandbox.trade(token).await
        } else {
            sandbox.messaging(token).await
        };
        (reply.status, sandbox.last_outcome())
    }
}

#[tokio::test]
async fn the_right_token_passes_on_both_sides() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        assert_eq!(side.send(&sandbox, &side.right()).await, (200, "ok"));
    }
}

#[tokio::test]
async fn other_algorithms_are_refused() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        for alg in [
            "none", "None", "nOnE", "RS256", "HS384", "HS512", "hs256", "",
        ] {
            let header = side.header.replace("HS256", alg);
            let mut token = side.sign(&header, &side.claims);
            assert_eq!(
                side.send(&sandbox, &token).await,
                (401, "wrong_algorithm"),
                "{alg}"
            );
            token.truncate(token.rfind('.').unwrap() + 1);
            assert_eq!(side.send(&sandbox, &token).await.0, 401, "{alg}, unsigned");
        }
        let header = side.header.replace("HS256", "HS512");
        let hs512 = token(&header, &side.claims, side.secret, Algorithm::HS512);
        assert_eq!(side.send(&sandbox, &hs512).await, (401, "wrong_algorithm"));
        let number = side.header.replace(r#""HS256""#, "256");
        let token = side.sign(&number, &side.claims);
        assert_eq!(side.send(&sandbox, &token).await, (401, "wrong_algorithm"));
    }
}

#[tokio::test]
async fn the_two_products_do_not_take_each_others_secret() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        // To HMAC, a zero byte is the same key as an empty one, which the library does not sign with.
        for secret in [side.other_secret, "\0", "wrong"] {
            let token = token(side.header, &side.claims, secret, Algorithm::HS256);
            assert_eq!(side.send(&sandbox, &token).await, (401, "bad_signature"));
        }
    }
}

#[tokio::test]
async fn a_changed_claim_breaks_the_signature() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        let right = side.right();
        let signature = right.rsplit_once('.').unwrap().1;
        let forged = side.sign(side.header, &side.claims.replace("Dana", "Riva"));
        let message = forged.rsplit_once('.').unwrap().0;
        let token = format!("{message}.{signature}");
        assert_eq!(side.send(&sandbox, &token).await, (401, "bad_signature"));
    }
}

#[tokio::test]
async fn critical_extensions_and_other_types_are_refused() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        for (from, to) in [
            (
                r#""typ":"JWT""#,
                r#""typ":"JWT","crit":["b64"],"b64":false"#,
            ),
            (r#""typ":"JWT""#, r#""typ":"JWT","crit":[]"#),
            (r#""typ":"JWT""#, r#""typ":"at+jwt""#),
            (r#""typ":"JWT""#, r#""typ":1"#),
        ] {
            let token = side.sign(&side.header.replace(from, to), &side.claims);
            assert_eq!(
                side.send(&sandbox, &token).await,
                (401, "malformed_token"),
                "{to}"
            );
        }
    }
}

#[tokio::test]
async fn a_key_in_the_header_is_not_accepted() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        let key = URL_SAFE_NO_PAD.encode("mine");
        let header = side.header.replace(
            r#""typ""#,
            &format!(r#""jwk":{{"kty":"oct","k":"{key}"}},"jku":"http://127.0.0.1:1/","typ""#),
        );
        let token = token(&header, &side.claims, "mine", Algorithm::HS256);
        assert_eq!(side.send(&sandbox, &token).await, (401, "bad_signature"));
    }
}

#[tokio::test]
async fn a_duplicate_claim_is_refused() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        let twice = side.claims.replacen('{', r#"{"external_id":"riva","#, 1);
        let token = side.sign(side.header, &twice);
        assert_eq!(side.send(&sandbox, &token).await, (401, "malformed_token"));
        let header = side.header.replacen('{', r#"{"alg":"none","#, 1);
        let token = side.sign(&header, &side.claims);
        assert_eq!(side.send(&sandbox, &token).await, (401, "malformed_token"));
    }
}

#[tokio::test]
async fn only_three_canonical_segments_are_a_token() {
    let sandbox = Sandbox::start().await;
    for side in sides() {
        let right = side.right();
        let parts: Vec<&str> = right.split('.').collect();
        let (header, payload, signature) = (parts[0], parts[1], parts[2]);
        let stray_bits = stray_bits(signature);
        let bad = [
            "x".to_owned(),
            "..".to_owned(),
            "a.b.c".to_owned(),
            format!("{header}.{payload}"),
            format!("{right}."),
            format!("{right}.{signature}"),
            format!("{right}="),
            format!(" {right}"),
            format!("{right}\n"),
            format!("{header}.{payload}.{signature}%"),
            format!("{header}.{payload}.{stray_bits}"),
            side.sign("[]", &side.claims),
            side.sign("", &side.claims),
            side.sign(side.header, "[1]"),
            side.sign(side.header, "{"),
            side.sign(side.header, ""),
            side.sign(side.header, &"[".repeat(9_000)),
        ];
        for token in bad {
            let (status, outcome) = side.send(&sandbox, &token).await;
            assert_eq!(status, 401, "{token}");
            assert!(
                ["malformed_token", "wrong_algorithm"].contains(&outcome),
                "{token}: {outcome}"
            );
        }
    }
}

/// The same bytes in non-canonical base64url, with spare bits set in the last letter.
fn stray_bits(signature: &str) -> String {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (rest, last) = signature.split_at(signature.len() - 1);
    let index = ALPHABET.find(last).unwrap();
    format!("{rest}{}", &ALPHABET[index + 1..=index + 1])
}
