//! Parses JWTs (RFC 7519) in their compact form, strictly: one algorithm, three canonical segments, and no
//! access to the claims before the signature is verified. Callers check the times.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::verify;
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value};

/// Why a token is rejected before its claims are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not three canonical segments with JSON objects whose names are unique, or its header asks for
    /// an unsupported extension.
    Malformed,
    /// Its header names another algorithm.
    WrongAlgorithm,
    /// Its signature does not match the key.
    BadSignature,
}

/// A well-formed token whose signature is not verified yet.
pub(crate) struct Token<'a> {
    algorithm: Algorithm,
    header: Map<String, Value>,
    payload: Vec<u8>,
    message: &'a str,
    signature: &'a str,
}

impl<'a> Token<'a> {
    /// Splits and decodes `compact`, whose header has to name `algorithm`.
    pub(crate) fn read(compact: &'a str, algorithm: Algorithm) -> Result<Self, Fault> {
        let (message, signature) = compact.rsplit_once('.').ok_or(Fault::Malformed)?;
        let (header, payload) = message.split_once('.').ok_or(Fault::Malformed)?;
        let header = object(&decode(header)?)?;
        let payload = decode(payload)?;
        decode(signature)?;
        let named = header.get("alg").and_then(Value::as_str);
        if named.and_then(|name| name.parse().ok()) != Some(algorithm) {
            return Err(Fault::WrongAlgorithm);
        }
        // A critical extension that the reader does not know makes a token invalid (RFC 7515, 4.1.11).
        let is_jwt = |typ: &Value| {
            typ.as_str()
                .is_some_and(|typ| typ.eq_ignore_ascii_case("JWT"))
        };
        if header.contains_key("crit") || !header.get("typ").is_none_or(is_jwt) {
            return Err(Fault::Malformed);
        }
        Ok(Self {
            algorithm,
            header,
            payload,
            message,
            signature,
        })
    }

    /// A field of the header, if it is a string.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// The claims, if `key` has signed them.
    pub(crate) fn verify(self, key: &DecodingKey) -> Result<Map<String, Value>, Fault> {
        let message = self.message.as_bytes();
        match verify(self.signature, message, key, self.algorithm) {
            Ok(true) => object(&self.payload),
            _ => Err(Fault::BadSignature),
        }
    }
}

/// Decodes base64url without padding or stray bits, so that each value has exactly one encoding.
fn decode(segment: &str) -> Result<Vec<u8>, Fault> {
    URL_SAFE_NO_PAD
        .decode(segment)
        .map_err(|_| Fault::Malformed)
}

fn object(json: &[u8]) -> Result<Map<String, Value>, Fault> {
    let object: UniqueNames = serde_json::from_slice(json).map_err(|_| Fault::Malformed)?;
    Ok(object.0)
}

/// A JSON object whose names are unique (RFC 7519, section 4).
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
                return Err(A::Error::custom("duplicate name"));
            }
        }
        Ok(UniqueNames(object))
    }
}
