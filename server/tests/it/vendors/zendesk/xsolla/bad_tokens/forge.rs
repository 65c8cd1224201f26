//! What a forger makes tokens with: valid claims, the project's signature, and other keys.

use std::sync::LazyLock;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use getrandom::SysRng;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rsa::{BoxedUint, PrivateKey, PublicKey, pkcs1::EncodeRsaPrivateKey};
use serde_json::{Map, Value, json};

use crate::harness::{Stub, TestApp};

pub(super) const ISSUER: &str = "https://login.xsolla.com";
pub(super) const PROJECT: &str = "40db2ea4-5d42-11e6-a3ff-005056a0e04a";
pub(super) const PROJECT_SECRET: &str = "xsolla-demo-secret-not-for-production";
pub(super) const SUBJECT: &str = "a3c1f0de-5b7c-4d19-9e52-6f0b8a7d4c21";

/// A key that the project does not have. Generating keys is slow, so all tests share it.
pub(super) static STRANGER: LazyLock<PrivateKey> =
    LazyLock::new(|| PrivateKey::new(&mut SysRng, 2048).unwrap());

/// What forgers know.
pub(super) struct Forge {
    /// Seconds since the Unix epoch.
    pub(super) now: i64,
    /// The `kid` of the project's key, from its list.
    pub(super) kid: String,
    pub(super) public_key: PublicKey,
    /// A host that a token may point to; no request may reach it.
    pub(super) elsewhere: String,
}

impl Forge {
    /// Reads the project's public list of keys, whose numbers are hexadecimal.
    pub(super) async fn of(app: &TestApp, elsewhere: &Stub) -> Self {
        let url = format!("{}/xsolla/api/projects/{PROJECT}/keys", app.sandbox.url());
        let list = app.anonymous().get(&url).await.json();
        let number = |name: &str| {
            let digits = list[0][name].as_str().unwrap();
            BoxedUint::from_str_radix_vartime(digits, 16).unwrap()
        };
        Self {
            now: app.clock.now().0 / 1000,
            kid: list[0]["kid"].as_str().unwrap().to_owned(),
            public_key: PublicKey::new(number("n"), number("e")).unwrap(),
            elsewhere: elsewhere.url.clone(),
        }
    }

    /// The claims of a valid token.
    pub(super) fn claims(&self) -> Map<String, Value> {
        let claims = json!({
            "iss": ISSUER, "sub": SUBJECT, "iat": self.now, "exp": self.now + 3600,
            "xsolla_login_project_id": PROJECT, "type": "xsolla_login", "username": "dana",
            "email": "dana@players.example", "publisher_id": 136_593,
            "groups": [{ "id": 1, "name": "default", "is_default": true }],
        });
        claims.as_object().unwrap().clone()
    }

    pub(super) fn payload(&self) -> String {
        Value::Object(self.claims()).to_string()
    }

    pub(super) fn good(&self) -> String {
        self.paying(self.payload())
    }

    /// The project's token with one claim set.
    pub(super) fn with(&self, name: &str, value: impl Into<Value>) -> String {
        self.with_all(&[(name, value.into())])
    }

    pub(super) fn with_all(&self, changes: &[(&str, Value)]) -> String {
        let mut claims = self.claims();
        claims.extend(
            changes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        self.paying(Value::Object(claims).to_string())
    }

    /// The project's token with one claim removed.
    pub(super) fn without(&self, name: &str) -> String {
        let mut claims = self.claims();
        claims.remove(name).unwrap();
        self.paying(Value::Object(claims).to_string())
    }

    /// The project's token with this payload, as it is.
    pub(super) fn paying(&self, payload: impl AsRef<[u8]>) -> String {
        let header = json!({ "alg": "HS256", "typ": "JWT" });
        signed(&header.to_string(), payload, hs256(PROJECT_SECRET))
    }

    /// The project's token with this header, as it is.
    pub(super) fn headed(&self, header: impl ToString) -> String {
        signed(&header.to_string(), self.payload(), hs256(PROJECT_SECRET))
    }

    /// An RS256 token signed with [`STRANGER`], with additional header fields.
    pub(super) fn stranger(&self, more: Value) -> String {
        let mut header = json!({ "alg": "RS256", "typ": "JWT", "kid": self.kid });
        let more = more.as_object().unwrap().clone();
        header.as_object_mut().unwrap().extend(more);
        signed(&header.to_string(), self.payload(), by_stranger)
    }
}

pub(super) fn encode(part: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(part)
}

pub(super) fn signed(
    header: &str,
    payload: impl AsRef<[u8]>,
    sign: impl FnOnce(&[u8]) -> String,
) -> String {
    let message = format!("{}.{}", encode(header), encode(payload));
    let signature = sign(message.as_bytes());
    format!("{message}.{signature}")
}

pub(super) fn hmac(algorithm: Algorithm, secret: &str) -> impl Fn(&[u8]) -> String {
    let key = EncodingKey::from_secret(secret.as_bytes()).unwrap();
    move |message| crypto::sign(message, &key, algorithm).unwrap()
}

pub(super) fn hs256(secret: &str) -> impl Fn(&[u8]) -> String {
    hmac(Algorithm::HS256, secret)
}

pub(super) fn by_stranger(message: &[u8]) -> String {
    let der = STRANGER.to_pkcs1_der().unwrap();
    let key = EncodingKey::from_rsa_der(der.as_bytes());
    crypto::sign(message, &key, Algorithm::RS256).unwrap()
}

pub(super) fn parts(token: &str) -> [&str; 3] {
    let parts: Vec<_> = token.split('.').collect();
    parts.try_into().unwrap()
}

/// The last letter of 32 bytes holds four bits, so three other letters encode the same bytes.
pub(super) fn non_canonical(token: &str) -> String {
    let (rest, last) = token.split_at(token.len() - 1);
    format!("{rest}{}", char::from(last.as_bytes()[0] + 1))
}

pub(super) fn altered(token: &str) -> String {
    let [header, payload, signature] = parts(token);
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{header}.{payload}.{first}{}", &signature[1..])
}
