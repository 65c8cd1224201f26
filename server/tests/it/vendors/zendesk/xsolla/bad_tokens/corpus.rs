//! The tokens, in the order of the catalogue of abuse cases. A name begins with the id of its case.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use jsonwebtoken::Algorithm;
use rsa::{
    BigUint,
    pkcs8::{EncodePublicKey, LineEnding},
    traits::PublicKeyParts,
};
use serde_json::{Value, json};

use super::forge::*;

const CHAT_SECRET: &str = "zendesk-chat-demo-secret-not-for-production";
const MESSAGING_SECRET: &str = "zendesk-messaging-demo-secret-not-for-production";
const FERNDESK_SECRET: &str = "ferndesk-demo-secret-not-for-production";
const DAY: i64 = 24 * 60 * 60;

/// A name, and the token that it stands for.
pub(super) type Row = (String, String);

impl Forge {
    /// Every token that says it is right and is not, in the order of the catalogue.
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
        let modulus = self.public_key.n().to_str_radix(16);
        rows([
            ("jwt_01 alg none", unsigned("none")),
            ("jwt_01 alg None", unsigned("None")),
            ("jwt_01 alg nOnE", unsigned("nOnE")),
            (
                "jwt_01 alg none, signed",
                mac(Algorithm::HS256, "none", PROJECT_SECRET),
            ),
            ("jwt_01 HS256 without a signature", unsigned("HS256")),
            (
                "jwt_01 HS384",
                mac(Algorithm::HS384, "HS384", PROJECT_SECRET),
            ),
            (
                "jwt_01 HS512",
                mac(Algorithm::HS512, "HS512", PROJECT_SECRET),
            ),
            (
                "jwt_01 hs256",
                mac(Algorithm::HS256, "hs256", PROJECT_SECRET),
            ),
            (
                "jwt_01 RS256 with the secret",
                signed(
                    &json!({ "alg": "RS256", "kid": self.kid }).to_string(),
                    self.payload(),
                    hs256(PROJECT_SECRET),
                ),
            ),
            (
                "jwt_01 the public key's PEM as a secret",
                mac(Algorithm::HS256, "HS256", &pem),
            ),
            (
                "jwt_01 the modulus as a secret",
                mac(Algorithm::HS256, "HS256", &modulus),
            ),
            ("jwt_01 no secret", mac(Algorithm::HS256, "HS256", "")),
            (
                "jwt_01 the project's id as a secret",
                mac(Algorithm::HS256, "HS256", PROJECT),
            ),
        ])
    }

    fn issuers(&self) -> Vec<Row> {
        let mut rows = rows([("jwt_02 no iss", self.without("iss"))]);
        for iss in [
            Value::Null,
            json!(7),
            json!({}),
            json!([ISSUER]),
            json!("https://login.evil.test"),
            json!(format!("{ISSUER}/")),
            json!("HTTPS://LOGIN.XSOLLA.COM"),
        ] {
            rows.push((format!("jwt_02 iss {iss}"), self.with("iss", iss)));
        }
        for aud in [
            json!("another-service"),
            json!(["another-service"]),
            json!(7),
            json!({}),
        ] {
            rows.push((format!("jwt_02 aud {aud}"), self.with("aud", aud)));
        }
        rows
    }

    fn times(&self) -> Vec<Row> {
        let mut rows = rows([
            ("jwt_03 no exp", self.without("exp")),
            ("jwt_03 no iat", self.without("iat")),
            (
                "jwt_03 milliseconds",
                self.with_all(&[
                    ("iat", json!(self.now * 1000)),
                    ("exp", json!((self.now + 3600) * 1000)),
                ]),
            ),
            (
                "jwt_03 a life that ends before it begins",
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
            rows.push((format!("jwt_03 exp {exp}"), self.with("exp", exp)));
        }
        let old = [("iat", json!(expired - 60)), ("exp", json!(expired))];
        rows.push((
            "jwt_03 expired for 31 seconds".to_owned(),
            self.with_all(&old),
        ));
        for nbf in [
            json!(self.now + 61),
            json!((self.now + 61).to_string()),
            json!({}),
        ] {
            rows.push((format!("jwt_04 nbf {nbf}"), self.with("nbf", nbf)));
        }
        for iat in [
            json!(self.now + 61),
            json!(self.now.to_string()),
            Value::Null,
        ] {
            rows.push((format!("jwt_04 iat {iat}"), self.with("iat", iat)));
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
            .map(|header| (format!("jwt_05 header {header}"), self.headed(header)))
            .collect();
        for header in [
            r#"{"alg":"none","alg":"HS256"}"#,
            "{",
            "",
            r#"{"alg":"HS256"}{}"#,
        ] {
            rows.push((format!("jwt_05 header {header}"), self.headed(header)));
        }
        rows
    }

    /// Headers that say where the key is. The key in them has signed the token.
    fn keys(&self) -> Vec<Row> {
        let number = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let jwk = json!({
            "kty": "RSA", "alg": "RS256", "kid": self.kid, "n": number(STRANGER.n()), "e": number(STRANGER.e()),
        });
        let secret = "a secret of the forger's own";
        let oct = json!({ "kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode(secret) });
        let embedded = json!({ "alg": "HS256", "jwk": oct });
        let keys = &self.elsewhere;
        rows([
            ("jwt_06 a stranger's key", self.stranger(json!({}))),
            ("jwt_06 no kid", self.stranger(json!({ "kid": null }))),
            ("jwt_06 a number as kid", self.stranger(json!({ "kid": 0 }))),
            (
                "jwt_06 an unknown kid",
                self.stranger(json!({ "kid": "unknown" })),
            ),
            (
                "jwt_06 a file as kid",
                self.stranger(json!({ "kid": "../../../../dev/null" })),
            ),
            ("jwt_06 a URL as kid", self.stranger(json!({ "kid": keys }))),
            (
                "jwt_06 SQL as kid",
                self.stranger(json!({ "kid": "' UNION SELECT 'key' --" })),
            ),
            (
                "jwt_06 ten kilobytes of kid",
                self.stranger(json!({ "kid": "k".repeat(10_000) })),
            ),
            ("jwt_06 jwk", self.stranger(json!({ "jwk": jwk }))),
            (
                "jwt_06 jwk of a secret",
                signed(&embedded.to_string(), self.payload(), hs256(secret)),
            ),
            ("jwt_06 jku", self.stranger(json!({ "jku": keys }))),
            ("jwt_06 x5u", self.stranger(json!({ "x5u": keys }))),
            ("jwt_06 x5c", self.stranger(json!({ "x5c": ["MIIB"] }))),
        ])
    }

    fn duplicates(&self) -> Vec<Row> {
        let twice = [
            r#""sub":"somebody-else""#,
            r#""\u0073ub":"somebody-else""#,
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
            rows.push((format!("jwt_07 first {claim}"), self.paying(first)));
            rows.push((format!("jwt_07 last {claim}"), self.paying(last)));
        }
        rows
    }

    fn shapes(&self) -> Vec<Row> {
        let good = self.good();
        let [header, payload, signature] = parts(&good);
        let padded = URL_SAFE.encode(format!("{} ", self.payload()));
        let message = format!("{header}.{}", STANDARD.encode("{\"a\":\"???>>>\"}"));
        let standard = format!("{message}.{}", hs256(PROJECT_SECRET)(message.as_bytes()));
        let deep = format!("{}{}", "[".repeat(2_000), "]".repeat(2_000));
        let deeper = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
        let nested = |deep: &str| {
            let payload = self.payload();
            self.paying(format!("{{\"groups_of\":{deep},{}", &payload[1..]))
        };
        rows([
            ("jwt_08 one segment", "nonsense".to_owned()),
            ("jwt_08 two segments", format!("{header}.{payload}")),
            ("jwt_08 no letters", "..".to_owned()),
            ("jwt_08 letters", "a.b.c".to_owned()),
            ("jwt_08 four segments", format!("{good}.{signature}")),
            ("jwt_08 an empty fourth segment", format!("{good}.")),
            (
                "jwt_08 five segments, as encrypted tokens have",
                format!("{good}.a.b"),
            ),
            (
                "jwt_08 a segment less at the front",
                format!(".{payload}.{signature}"),
            ),
            (
                "jwt_08 white space inside",
                format!("{header}. {payload}.{signature}"),
            ),
            (
                "jwt_08 a tab inside",
                format!("{header}.{payload}.\t{signature}"),
            ),
            ("jwt_08 padding at the end", format!("{good}=")),
            (
                "jwt_08 padding inside",
                format!("{header}.{padded}.{signature}"),
            ),
            ("jwt_08 base64 of the other kind", standard),
            (
                "jwt_08 another last letter for the same bytes",
                non_canonical(&good),
            ),
            ("jwt_08 another signature", altered(&good)),
            (
                "jwt_08 half a signature",
                good[..good.len() - 20].to_owned(),
            ),
            (
                "jwt_08 another payload",
                format!("{header}.{}.{signature}", encode("{}")),
            ),
            ("jwt_08 a scheme in front", format!("Bearer {good}")),
            ("jwt_08 no JSON", self.paying("sub=somebody")),
            ("jwt_08 a list", self.paying("[]")),
            ("jwt_08 null", self.paying("null")),
            (
                "jwt_08 JSON with more behind it",
                self.paying(format!("{}{{}}", self.payload())),
            ),
            (
                "jwt_08 no UTF-8",
                self.paying([b"{\"sub\":\"\xff\",", &self.payload().as_bytes()[1..]].concat()),
            ),
            ("jwt_08 nested 2,000 deep", nested(&deep)),
            ("jwt_08 nested 20,000 deep", nested(&deeper)),
            ("jwt_08 30 kilobytes", self.with("name", "n".repeat(30_000))),
        ])
    }

    fn projects(&self) -> Vec<Row> {
        let mut rows = rows([
            ("xso_04 no project", self.without("xsolla_login_project_id")),
            ("xso_04 type oauth without jti", self.with("type", "oauth")),
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
            rows.push((format!("xso_04 project {other}"), self.with(project, other)));
        }
        for sub in [json!([SUBJECT]), json!({ "id": SUBJECT })] {
            rows.push((format!("xso_05 sub {sub}"), self.with("sub", sub)));
        }
        rows
    }

    /// Tokens that this server or its vendors give out. None of them is a login.
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
                "xso_09 Zendesk Chat",
                sign(header.clone(), chat.clone(), CHAT_SECRET),
            ),
            (
                "xso_09 Zendesk Messaging",
                sign(messaging_header, messaging, MESSAGING_SECRET),
            ),
            (
                "xso_09 Ferndesk",
                sign(header.clone(), ferndesk, FERNDESK_SECRET),
            ),
            ("xso_09 CloudBase", format!("a-key/@@/{ticket}")),
            ("xso_09 CloudBase without its key's name", ticket),
            ("xso_09 right claims with the secret of Zendesk Chat", {
                sign(header.clone(), Value::Object(self.claims()), CHAT_SECRET)
            }),
            ("xso_09 claims of Zendesk Chat with the right secret", {
                sign(header.clone(), chat, PROJECT_SECRET)
            }),
            (
                "xso_09 a server's JWT of the project",
                sign(header, server, PROJECT_SECRET),
            ),
        ])
    }

    /// Right tokens that name nobody.
    pub(super) fn without_subject(&self) -> Vec<Row> {
        let mut rows = rows([("xso_05 no sub", self.without("sub"))]);
        for sub in [Value::Null, json!(7), json!("")] {
            rows.push((format!("xso_05 sub {sub}"), self.with("sub", sub)));
        }
        rows
    }

    /// Right tokens without an address, such as those of users of social networks. No other claim stands in for it.
    pub(super) fn without_email(&self) -> Vec<Row> {
        let mut rows = rows([("xso_06 no email", self.without("email"))]);
        for email in [
            Value::Null,
            json!(7),
            json!(""),
            json!(["dana@players.example"]),
            json!({}),
        ] {
            let name = format!("xso_06 email {email}");
            let username = ("username", json!("dana@players.example"));
            rows.push((name, self.with_all(&[("email", email), username])));
        }
        rows
    }
}

fn rows<const N: usize>(rows: [(&str, String); N]) -> Vec<Row> {
    rows.map(|(name, token)| (name.to_owned(), token)).into()
}
