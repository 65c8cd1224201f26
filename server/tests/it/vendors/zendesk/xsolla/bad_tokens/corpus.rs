//! The tokens: for each rule of the server, some that break it.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use jsonwebtoken::Algorithm;
use rsa::{
    pkcs8::{EncodePublicKey, LineEnding},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

use super::forge::*;

const CHAT_SECRET: &str = "zendesk-chat-demo-secret-not-for-production";
const MESSAGING_SECRET: &str = "zendesk-messaging-demo-secret-not-for-production";
const FERNDESK_SECRET: &str = "ferndesk-demo-secret-not-for-production";
const DAY: i64 = 24 * 60 * 60;

/// A name and its token.
pub(super) type Row = (String, String);

impl Forge {
    /// Every kind of invalid token.
    pub(super) fn invalid(&self) -> Vec<Row> {
        [
            self.algorithms(),
            self.issuers(),
            self.times(),
            self.headers(),
            self.keys(),
            self.duplicates(),
            self.shapes(),
            self.projects(),
            self.other_tokens(),
        ]
        .concat()
    }

    fn algorithms(&self) -> Vec<Row> {
        let unsigned = |alg: &str| {
            let header = json!({ "alg": alg, "typ": "JWT" });
            signed(&header.to_string(), self.payload(), |_| String::new())
        };
        let mac = |algorithm, alg: &str, secret: &str| {
            let header = json!({ "alg": alg, "typ": "JWT" });
            signed(&header.to_string(), self.payload(), hmac(algorithm, secret))
        };
        let pem = self.public_key.to_public_key_pem(LineEnding::LF).unwrap();
        let modulus = self.public_key.n().to_string_radix_vartime(16);
        rows([
            ("alg none", unsigned("none")),
            ("alg None", unsigned("None")),
            ("alg nOnE", unsigned("nOnE")),
            (
                "alg none, signed",
                mac(Algorithm::HS256, "none", PROJECT_SECRET),
            ),
            ("HS256 without a signature", unsigned("HS256")),
            ("HS384", mac(Algorithm::HS384, "HS384", PROJECT_SECRET)),
            ("HS512", mac(Algorithm::HS512, "HS512", PROJECT_SECRET)),
            ("hs256", mac(Algorithm::HS256, "hs256", PROJECT_SECRET)),
            (
                "RS256 with the secret",
                signed(
                    &json!({ "alg": "RS256", "kid": self.kid }).to_string(),
                    self.payload(),
                    hs256(PROJECT_SECRET),
                ),
            ),
            (
                "the public key's PEM as a secret",
                mac(Algorithm::HS256, "HS256", &pem),
            ),
            (
                "the modulus as a secret",
                mac(Algorithm::HS256, "HS256", &modulus),
            ),
            // To HMAC, the same key as an empty one, which the library does not sign with.
            ("no secret", mac(Algorithm::HS256, "HS256", "\0")),
            (
                "the project's id as a secret",
                mac(Algorithm::HS256, "HS256", PROJECT),
            ),
        ])
    }

    fn issuers(&self) -> Vec<Row> {
        let mut rows = rows([("no iss", self.without("iss"))]);
        for iss in [
            Value::Null,
            json!(7),
            json!({}),
            json!([ISSUER]),
            json!("https://login.evil.test"),
            json!(format!("{ISSUER}/")),
            json!("HTTPS://LOGIN.XSOLLA.COM"),
        ] {
            rows.push((format!("iss {iss}"), self.with("iss", iss)));
        }
        for aud in [
            json!("another-service"),
            json!(["another-service"]),
            json!(7),
            json!({}),
        ] {
            rows.push((format!("aud {aud}"), self.with("aud", aud)));
        }
        rows
    }

    fn times(&self) -> Vec<Row> {
        let mut rows = rows([
            ("no exp", self.without("exp")),
            ("no iat", self.without("iat")),
            (
                "milliseconds",
                self.with_all(&[
                    ("iat", json!(self.now * 1000)),
                    ("exp", json!((self.now + 3600) * 1000)),
                ]),
            ),
            (
                "a life that ends before it begins",
                self.with_all(&[("iat", json!(self.now)), ("exp", json!(self.now - 10))]),
            ),
        ]);
        let expired = self.now - 31;
        for exp in [
            Value::Null,
            json!(true),
            json!((self.now + 3600).to_string()),
            json!(-1),
            json!(0),
            json!(1e30),
            json!(u64::MAX),
            json!(self.now + DAY + 1),
        ] {
            rows.push((format!("exp {exp}"), self.with("exp", exp)));
        }
        let old = [("iat", json!(expired - 60)), ("exp", json!(expired))];
        rows.push(("expired for 31 seconds".to_owned(), self.with_all(&old)));
        for nbf in [
            json!(self.now + 61),
            json!((self.now + 61).to_string()),
            json!({}),
        ] {
            rows.push((format!("nbf {nbf}"), self.with("nbf", nbf)));
        }
        for iat in [
            json!(self.now + 61),
            json!(self.now.to_string()),
            Value::Null,
        ] {
            rows.push((format!("iat {iat}"), self.with("iat", iat)));
        }
        rows
    }

    fn headers(&self) -> Vec<Row> {
        let headers = [
            json!({ "alg": "HS256", "crit": ["exp"] }),
            json!({ "alg": "HS256", "crit": [] }),
            json!({ "alg": "HS256", "crit": ["b64"], "b64": false }),
            json!({ "alg": "HS256", "b64": false }),
            json!({ "alg": "HS256", "typ": "at+jwt" }),
            json!({ "alg": "HS256", "typ": "secevent+jwt" }),
            json!({ "alg": "HS256", "typ": 7 }),
            json!({ "typ": "JWT" }),
            json!({ "alg": 7 }),
            json!({ "alg": ["HS256"] }),
            json!(["HS256"]),
            json!("HS256"),
        ];
        let mut rows: Vec<Row> = headers
            .into_iter()
            .map(|header| (format!("header {header}"), self.headed(header)))
            .collect();
        for header in [
            r#"{"alg":"none","alg":"HS256"}"#,
            "{",
            "",
            r#"{"alg":"HS256"}{}"#,
        ] {
            rows.push((format!("header {header}"), self.headed(header)));
        }
        rows
    }

    /// Headers that contain or point to the key that has signed the token.
    fn keys(&self) -> Vec<Row> {
        let jwk = json!({
            "kty": "RSA", "alg": "RS256", "kid": self.kid,
            "n": URL_SAFE_NO_PAD.encode(STRANGER.n_bytes()), "e": URL_SAFE_NO_PAD.encode(STRANGER.e_bytes()),
        });
        let secret = "a secret of the forger's own";
        let oct = json!({ "kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode(secret) });
        let embedded = json!({ "alg": "HS256", "jwk": oct });
        let keys = &self.elsewhere;
        rows([
            ("a stranger's key", self.stranger(json!({}))),
            ("no kid", self.stranger(json!({ "kid": null }))),
            ("a number as kid", self.stranger(json!({ "kid": 0 }))),
            ("an unknown kid", self.stranger(json!({ "kid": "unknown" }))),
            (
                "a file as kid",
                self.stranger(json!({ "kid": "../../../../dev/null" })),
            ),
            ("a URL as kid", self.stranger(json!({ "kid": keys }))),
            (
                "SQL as kid",
                self.stranger(json!({ "kid": "' UNION SELECT 'key' --" })),
            ),
            (
                "ten kilobytes of kid",
                self.stranger(json!({ "kid": "k".repeat(10_000) })),
            ),
            ("jwk", self.stranger(json!({ "jwk": jwk }))),
            (
                "jwk of a secret",
                signed(&embedded.to_string(), self.payload(), hs256(secret)),
            ),
            ("jku", self.stranger(json!({ "jku": keys }))),
            ("x5u", self.stranger(json!({ "x5u": keys }))),
            ("x5c", self.stranger(json!({ "x5c": ["MIIB"] }))),
        ])
    }

    fn duplicates(&self) -> Vec<Row> {
        let twice = [
            r#""sub":"another-user""#,
            r#""\u0073ub":"another-user""#,
            r#""email":"demo@latchkey.localhost""#,
            r#""iss":"https://login.evil.test""#,
            r#""exp":1"#,
            r#""xsolla_login_project_id":"another""#,
        ];
        let mut rows = Vec::new();
        for claim in twice {
            let payload = self.payload();
            let first = format!("{{{claim},{}", &payload[1..]);
            let last = format!("{},{claim}}}", &payload[..payload.len() - 1]);
            rows.push((format!("first {claim}"), self.paying(first)));
            rows.push((format!("last {claim}"), self.paying(last)));
        }
        rows
    }

    fn shapes(&self) -> Vec<Row> {
        let good = self.good();
        let [header, payload, signature] = parts(&good);
        let padded = URL_SAFE.encode(format!("{} ", self.payload()));
        let message = format!("{header}.{}", STANDARD.encode("{\"a\":\"???>>>\"}"));
        let standard = format!("{message}.{}", hs256(PROJECT_SECRET)(message.as_bytes()));
        rows([
            ("one segment", "nonsense".to_owned()),
            ("two segments", format!("{header}.{payload}")),
            ("no letters", "..".to_owned()),
            ("letters", "a.b.c".to_owned()),
            ("four segments", format!("{good}.{signature}")),
            ("an empty fourth segment", format!("{good}.")),
            (
                "five segments, as encrypted tokens have",
                format!("{good}.a.b"),
            ),
            (
                "a segment less at the front",
                format!(".{payload}.{signature}"),
            ),
            (
                "white space inside",
                format!("{header}. {payload}.{signature}"),
            ),
            ("a tab inside", format!("{header}.{payload}.\t{signature}")),
            ("padding at the end", format!("{good}=")),
            ("padding inside", format!("{header}.{padded}.{signature}")),
            ("base64 of the other kind", standard),
            (
                "another last letter for the same bytes",
                non_canonical(&good),
            ),
            ("another signature", altered(&good)),
            ("half a signature", good[..good.len() - 20].to_owned()),
            (
                "another payload",
                format!("{header}.{}.{signature}", encode("{}")),
            ),
            ("a scheme in front", format!("Bearer {good}")),
            ("no JSON", self.paying("sub=another")),
            ("a list", self.paying("[]")),
            ("null", self.paying("null")),
            (
                "JSON with more behind it",
                self.paying(format!("{}{{}}", self.payload())),
            ),
            (
                "no UTF-8",
                self.paying([b"{\"sub\":\"\xff\",", &self.payload().as_bytes()[1..]].concat()),
            ),
            ("30 kilobytes", self.with("name", "n".repeat(30_000))),
        ])
    }

    fn projects(&self) -> Vec<Row> {
        let mut rows = rows([
            ("no project", self.without("xsolla_login_project_id")),
            ("type oauth without jti", self.with("type", "oauth")),
        ]);
        let project = "xsolla_login_project_id";
        for other in [
            json!("11111111-5d42-11e6-a3ff-005056a0e04a"),
            json!(PROJECT.to_uppercase()),
            json!(format!("{PROJECT} ")),
            json!([PROJECT]),
            json!(""),
            json!(7),
            Value::Null,
        ] {
            rows.push((format!("project {other}"), self.with(project, other)));
        }
        for sub in [json!([SUBJECT]), json!({ "id": SUBJECT })] {
            rows.push((format!("sub {sub}"), self.with("sub", sub)));
        }
        rows
    }

    /// Tokens that this server or its vendors issue for other purposes.
    fn other_tokens(&self) -> Vec<Row> {
        let (now, exp) = (self.now, self.now + 300);
        let sign = |header: Value, claims: Value, secret: &str| {
            signed(&header.to_string(), claims.to_string(), hs256(secret))
        };
        let header = json!({ "alg": "HS256", "typ": "JWT" });
        let chat = json!({
            "name": "Dana", "email": "dana@players.example", "external_id": SUBJECT, "iat": now, "exp": exp,
        });
        let messaging = json!({ "scope": "user", "external_id": SUBJECT, "exp": exp });
        let messaging_header = json!({ "alg": "HS256", "typ": "JWT", "kid": "app_demo" });
        let ferndesk = json!({
            "userId": SUBJECT, "sub": SUBJECT, "email": "dana@players.example", "exp": now + 3600,
        });
        let cloudbase = json!({
            "alg": "RS256", "env": "latchkey-demo-1a2b3c", "iat": now * 1000, "exp": exp * 1000,
            "uid": SUBJECT, "refresh": 3_600_000, "expire": (now + DAY) * 1000,
        });
        let rs256 = json!({ "alg": "RS256", "typ": "JWT" });
        let ticket = signed(&rs256.to_string(), cloudbase.to_string(), by_stranger);
        let server = json!({
            "xsolla_login_client_id": "1001", "xsolla_login_project_id": PROJECT, "iat": now, "exp": exp,
        });
        rows([
            (
                "Zendesk Chat",
                sign(header.clone(), chat.clone(), CHAT_SECRET),
            ),
            (
                "Zendesk Messaging",
                sign(messaging_header, messaging, MESSAGING_SECRET),
            ),
            ("Ferndesk", sign(header.clone(), ferndesk, FERNDESK_SECRET)),
            ("CloudBase", format!("a-key/@@/{ticket}")),
            ("CloudBase without its key's name", ticket),
            ("right claims with the secret of Zendesk Chat", {
                sign(header.clone(), Value::Object(self.claims()), CHAT_SECRET)
            }),
            ("claims of Zendesk Chat with the right secret", {
                sign(header.clone(), chat, PROJECT_SECRET)
            }),
            (
                "a server's JWT of the project",
                sign(header, server, PROJECT_SECRET),
            ),
        ])
    }

    /// Otherwise valid tokens without a subject.
    pub(super) fn without_subject(&self) -> Vec<Row> {
        let mut rows = rows([("no sub", self.without("sub"))]);
        for sub in [Value::Null, json!(7), json!("")] {
            rows.push((format!("sub {sub}"), self.with("sub", sub)));
        }
        rows
    }

    /// Valid tokens without an address, such as those of users of social networks. No other claim replaces
    /// it.
    pub(super) fn without_email(&self) -> Vec<Row> {
        let mut rows = rows([("no email", self.without("email"))]);
        for email in [
            Value::Null,
            json!(7),
            json!(""),
            json!(["dana@players.example"]),
            json!({}),
        ] {
            let name = format!("email {email}");
            let username = ("username", json!("dana@players.example"));
            rows.push((name, self.with_all(&[("email", email), username])));
        }
        rows
    }
}

fn rows<const N: usize>(rows: [(&str, String); N]) -> Vec<Row> {
    rows.map(|(name, token)| (name.to_owned(), token)).into()
}
