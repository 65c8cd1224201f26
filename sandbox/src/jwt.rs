//! Reads the hosts' tokens (RFC 7519, compact form) the way Zendesk does: HS256 and nothing else, three
//! canonical segments, nothing believed before the signature is checked.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::refusal::Refusal;
use crate::config::Secret;

/// A token whose form is right and whose claims nobody may read yet.
pub(super) struct Token<'a> {
    header: Map<String, Value>,
    payload: Vec<u8>,
    message: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Splits and decodes `compact`.
    ///
    /// # Errors
    /// `malformed_token`, or `wrong_algorithm` for a header that does not say HS256.
    pub(super) fn read(compact: &'a str) -> Result<Self, Refusal> {
        let (message, signature) = compact.rsplit_once('.').ok_or_else(malformed)?;
        let (header, payload) = message.split_once('.').ok_or_else(malformed)?;
        let header = object(&decode(header)?)?;
        let payload = decode(payload)?;
        decode(signature)?;
        let is_hs256 = header.get("alg").and_then(Value::as_str) == Some("HS256");
        if !is_hs256 {
            let message = "The token must be signed with HS256.";
            return Err(Refusal::unauthorized("wrong_algorithm", message));
        }
        // A critical extension that the reader does not know makes a token invalid (RFC 7515, 4.1.11).
        let is_jwt = |typ: &Value| {
            typ.as_str()
                .is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"))
        };
        if header.contains_key("crit") || !header.get("typ").is_none_or(is_jwt) {
            return Err(malformed());
        }
        Ok(Self {
            header,
            payload,
            message,
            signature,
        })
    }

    /// A field of the header, if it is a string.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The claims, if `secret` has signed them.
    ///
    /// # Errors
    /// `bad_signature`, or `malformed_token` if the claims are no JSON object.
    pub(super) fn verify(self, secret: &Secret) -> Result<Map<String, Value>, Refusal> {
        let key = DecodingKey::from_secret(secret.reveal().as_bytes());
        match verify(
            self.signature,
            self.message.as_bytes(),
            &key,
            Algorithm::HS256,
        ) {
            Ok(true) => object(&self.payload),
            _ => {
                let message = "The token was not signed with the account's present secret.";
                Err(Refusal::unauthorized("bad_signature", message))
            }
        }
    }
}

/// Base64url without padding and without stray bits: one value has one form.
fn decode(segment: &str) -> Result<Vec<u8>, Refusal> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| malformed())
}

fn object(json: &[u8]) -> Result<Map<String, Value>, Refusal> {
    let object: UniqueNames = serde_json::from_slice(json).map_err(|_| malformed())?;
    Ok(object.0)
}

fn malformed() -> Refusal {
    Refusal::unauthorized("malformed_token", "The token is not a JSON Web Token.")
}

/// A JSON object that says nothing twice: two readers could believe different things of one that does
/// (RFC 7519, section 4).
struct UniqueNames(Map<String, Value>);

impl<'de> Deserialize<'de> for UniqueNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Collector)
    }
}

struct Collector;

impl<'de> Visitor<'de> for Collector {
    type Value = UniqueNames;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<UniqueNames, A::Error> {
        let mut object = Map::new();
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom("a name comes twice"));
            }
        }
        Ok(UniqueNames(object))
    }
}
