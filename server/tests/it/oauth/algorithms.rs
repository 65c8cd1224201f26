//! Which signature algorithms and keys are accepted, by which names.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use getrandom::SysRng;
use jsonwebtoken::{Algorithm, EncodingKey, crypto::sign, jwk::Jwk};
use p256::{elliptic_curve::Generate, pkcs8::EncodePrivateKey};
use rsa::pkcs1::EncodeRsaPrivateKey;
use serde_json::{Value, json};

use super::{
    assert_no_one, begin,
    issuer::{CLIENT_SECRET, Issuer, back},
    problem,
};
use crate::harness::{Browser, Log, Response, TestApp};

const MISCONFIGURED: &str = "provider-misconfigured";

/// A key with its public half as a JWK without any optional member.
struct Key {
    private: EncodingKey,
    public: Value,
}

impl Key {
    fn rsa() -> Self {
        let key = rsa::PrivateKey::new(&mut SysRng, 2048).unwrap();
        let der = key.to_pkcs1_der().unwrap();
        Self::new(EncodingKey::from_rsa_der(der.as_bytes()), Algorithm::RS256)
    }

    fn p256() -> Self {
        let key = p256::SecretKey::generate().to_pkcs8_der().unwrap();
        Self::new(EncodingKey::from_ec_der(key.as_bytes()), Algorithm::ES256)
    }

    fn p384() -> Self {
        let key = p384::SecretKey::generate().to_pkcs8_der().unwrap();
        Self::new(EncodingKey::from_ec_der(key.as_bytes()), Algorithm::ES384)
    }

    fn ed25519() -> Self {
        // RFC 8410, section 7: a private key of 32 bytes.
        let mut der = base16ct::lower::decode_vec("302e020100300506032b657004220420").unwrap();
        der.extend([7; 32]);
        Self::new(EncodingKey::from_ed_der(&der), Algorithm::EdDSA)
    }

    fn new(private: EncodingKey, algorithm: Algorithm) -> Self {
        let jwk = Jwk::from_encoding_key(&private, algorithm).unwrap();
        let mut public = json!(jwk);
        for optional in ["alg", "use", "kid", "key_ops"] {
            public.as_object_mut().unwrap().remove(optional);
        }
        Self { private, public }
    }

    fn with(&self, members: Value) -> Value {
        let mut public = self.public.clone();
        let all = public.as_object_mut().unwrap();
        all.extend(members.as_object().unwrap().clone());
        public
    }

    /// A token with this header.
    fn token(&self, header: &Value, claims: &Value, algorithm: Algorithm) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let signature = sign(signed.as_bytes(), &self.private, algorithm).unwrap();
        format!("{signed}.{signature}")
    }
}

/// Signs in a user with a token that `sign` makes of claims.
async fn sign_in(
    issuer: &Issuer,
    app: &TestApp,
    browser: &Browser,
    sign: impl Fn(&Value) -> String,
) -> Response {
    let url = begin(browser, "/oauth/sso/start").await;
    let user =
        json!({ "sub": "ada", "name": "Ada", "email": "ada@example.test", "email_verified": true });
    issuer.issues(&sign(&issuer.claims(app, &url, &user)), &json!({}));
    browser.get(&back(&url, "sso")).await
}

#[tokio::test]
async fn every_asymmetric_algorithm_is_accepted() {
    let (rsa, p256, p384, ed25519) = (Key::rsa(), Key::p256(), Key::p384(), Key::ed25519());
    for (name, key, algorithm) in [
        ("RS256", &rsa, Algorithm::RS256),
        ("RS384", &rsa, Algorithm::RS384),
        ("RS512", &rsa, Algorithm::RS512),
        ("PS256", &rsa, Algorithm::PS256),
        ("PS384", &rsa, Algorithm::PS384),
        ("PS512", &rsa, Algorithm::PS512),
        ("ES256", &p256, Algorithm::ES256),
        ("ES384", &p384, Algorithm::ES384),
        ("EdDSA", &ed25519, Algorithm::EdDSA),
        ("Ed25519", &ed25519, Algorithm::EdDSA),
    ] {
        let issuer = Issuer::start().await;
        issuer.discloses(&json!({ "id_token_signing_alg_values_supported": [name] }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        for members in [json!({}), json!({ "alg": name, "use": "sig", "kid": "a" })] {
            app.clock.advance(std::time::Duration::from_secs(60 * 60));
            issuer
                .fake
                .response("/jwks", 200, &json!({ "keys": [key.with(members)] }));
            let header = json!({ "alg": name, "kid": "a" });
            let browser = app.anonymous();
            let response = sign_in(&issuer, &app, &browser, |claims| {
                key.token(&header, claims, algorithm)
            });
            assert_eq!(problem(&response.await), "303 /account", "{name}");
        }
    }
}

/// A key one of whose coordinates begins with a zero byte, which is left out.
fn short(new: fn() -> Key) -> Key {
    loop {
        let mut key = new();
        for name in ["x", "y"] {
            let number = key.public[name].as_str().unwrap();
            let number = URL_SAFE_NO_PAD.decode(number).unwrap();
            if let [0, rest @ ..] = &number[..] {
                key.public[name] = URL_SAFE_NO_PAD.encode(rest).into();
                return key;
            }
        }
    }
}

#[tokio::test]
async fn a_coordinate_without_its_leading_zeros_is_the_same_number() {
    for (name, key, algorithm) in [
        ("ES256", short(Key::p256), Algorithm::ES256),
        ("ES384", short(Key::p384), Algorithm::ES384),
    ] {
        let issuer = Issuer::start().await;
        issuer.discloses(&json!({ "id_token_signing_alg_values_supported": [name] }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let keys = json!({ "keys": [key.public] });
        issuer.fake.response("/jwks", 200, &keys);
        let browser = app.anonymous();
        let response = sign_in(&issuer, &app, &browser, |claims| {
            key.token(&json!({ "alg": name }), claims, algorithm)
        });
        assert_eq!(problem(&response.await), "303 /account", "{name}");
    }
}

#[tokio::test]
async fn a_signature_by_a_shared_secret_is_refused_as_a_decision() {
    let log = Log::capture();
    let secret = Key {
        private: EncodingKey::from_secret(CLIENT_SECRET.as_bytes()).unwrap(),
        public: json!({}),
    };
    for (name, algorithm) in [("HS256", Algorithm::HS256), ("HS512", Algorithm::HS512)] {
        let issuer = Issuer::start().await;
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let browser = app.anonymous();
        let response = sign_in(&issuer, &app, &browser, |claims| {
            secret.token(&json!({ "alg": name }), claims, algorithm)
        });
        assert_eq!(problem(&response.await), MISCONFIGURED, "{name}");
        assert_no_one(&app, &browser, name).await;
        let expected = format!("tokens are signed with {name}, which is not accepted");
        assert!(log.text().contains(&expected));
    }
}

#[tokio::test]
async fn an_issuer_without_a_common_algorithm_is_named_before_a_user_goes_there() {
    let log = Log::capture();
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for names in [
        json!(["HS256", "HS512"]),
        json!(["none"]),
        json!(["ES512"]),
        json!("HS256"),
    ] {
        issuer.discloses(&json!({ "id_token_signing_alg_values_supported": names }));
        let response = app.anonymous().get("/oauth/sso/start").await;
        assert_eq!(problem(&response), MISCONFIGURED, "{names}");
        app.clock.advance(std::time::Duration::from_secs(3));
    }
    let text = log.text();
    assert!(
        text.contains("the issuer signs ID tokens only with HS256, HS512, which is not accepted")
    );
    app.state.oauth.prepare().await;
    assert!(
        log.text().len() > text.len(),
        "it is told without a user, too"
    );
}

#[tokio::test]
async fn algorithms_that_are_refused_are_told_once_when_the_document_is_read() {
    let log = Log::capture();
    let issuer = Issuer::start().await;
    let names = json!(["HS256", "ES256", "none"]);
    issuer.discloses(&json!({ "id_token_signing_alg_values_supported": names }));
    let app = TestApp::start_with(&issuer.as_sso()).await;
    for _ in 0..2 {
        begin(&app.anonymous(), "/oauth/sso/start").await;
        app.clock.advance(std::time::Duration::from_secs(60 * 60));
    }
    let text = log.text();
    let lines = text.lines().filter(|line| line.contains("can also sign"));
    let lines: Vec<&str> = lines.collect();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("HS256"), "{lines:?}");
}

#[tokio::test]
async fn the_key_is_found_in_every_key_set_that_has_it() {
    let (right, other) = (Key::p256(), Key::p256());
    let (rsa, ed25519) = (Key::rsa(), Key::ed25519());
    let strange = [
        json!({ "kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA", "kid": 7 }),
        json!({ "kty": "EC", "crv": "P-521", "x": "AA", "y": "AA", "kid": "right" }),
        json!({ "kty": "RSA", "x5c": ["AAAA"], "key_ops": "verify" }),
        json!({ "kty": "oct", "k": "AAAA", "kid": "right" }),
        json!("no object"),
        rsa.with(json!({ "use": "enc", "alg": "RSA-OAEP", "kid": "right" })),
        ed25519.with(json!({ "kid": [], "nbf": "soon" })),
    ];
    for (header, members, is_found) in [
        (json!({ "kid": "right" }), json!({ "kid": "right" }), true),
        (json!({ "kid": "right" }), json!({}), true),
        (json!({}), json!({ "kid": "right" }), true),
        (json!({}), json!({}), true),
        (json!({}), json!({ "kid": 7 }), true),
        (json!({ "kid": 7 }), json!({ "kid": 7 }), false),
        (
            json!({}),
            json!({ "alg": "ES256", "use": "sig", "key_ops": ["verify"] }),
            true,
        ),
        (
            json!({ "kid": "another" }),
            json!({ "kid": "right" }),
            false,
        ),
        (json!({}), json!({ "use": "enc" }), false),
        (json!({}), json!({ "alg": "ES384" }), false),
    ] {
        let issuer = Issuer::start().await;
        let mut keys = strange.to_vec();
        keys.push(other.with(json!({ "kid": "other" })));
        keys.push(right.with(members.clone()));
        issuer.fake.response("/jwks", 200, &json!({ "keys": keys }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let mut header = header;
        header["alg"] = json!("ES256");
        let browser = app.anonymous();
        let response = sign_in(&issuer, &app, &browser, |claims| {
            right.token(&header, claims, Algorithm::ES256)
        });
        let expected = if is_found {
            "303 /account"
        } else {
            "provider-failed"
        };
        assert_eq!(problem(&response.await), expected, "{header} {members}");
    }
}
