//! The key of a recipe: where it is, in which form, and what it signs with.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use jsonwebtoken::{
    Algorithm,
    jwk::{Jwk, PublicKeyUse, ThumbprintHash},
};
use ring::hmac;
use secrecy::{ExposeSecret, SecretString};

use super::{document::Table, names::variable, shape::Shape};
use crate::signing::{Signer, UnusableKey};

/// The private key whose public half is published.
pub(super) const ISSUER_KEY: &str = "LATCHKEY_ISSUER_KEY";

/// The least number of bytes that a recipe may be content with; some vendors' own secrets have no more.
const MIN_SECRET: i64 = 10;

/// What a recipe says of its key.
#[derive(Clone, Debug)]
pub(super) struct KeyRules {
    /// The environment variable; the key may also be in the file that the variable with `_FILE` names.
    pub(super) variable: String,
    encoding: Encoding,
    /// Whether it is the server's own, whose public half everyone may read.
    published: bool,
    /// The least number of bytes of a secret, after decoding, if the recipe says so.
    min_secret: Option<usize>,
}

/// How a variable's text becomes a key. Nothing is guessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Hex,
    Base64,
    Pem,
    PemBase64,
    NameAndSecret,
    NameAndHex,
}

const ENCODINGS: [(&str, Encoding); 7] = [
    ("utf8", Encoding::Utf8),
    ("hex", Encoding::Hex),
    ("base64", Encoding::Base64),
    ("pem", Encoding::Pem),
    ("pem-base64", Encoding::PemBase64),
    ("name:secret", Encoding::NameAndSecret),
    ("name:hex", Encoding::NameAndHex),
];

/// A key that can be used. The parts that are not secret may appear in credentials.
pub(super) struct Key {
    /// Before the colon of `name:secret`; of a published key its ID.
    pub(super) name: String,
    /// The first four characters of the variable's text.
    pub(super) start: String,
    pub(super) use_: KeyUse,
}

/// What a key signs.
pub(super) enum KeyUse {
    Token(Box<Signer>),
    /// In the order of the recipe's codes.
    Macs(Vec<hmac::Key>),
    /// It signs nothing, and is sent to the vendor.
    Sent(SecretString),
}

/// The text is not a usable key. The message never contains any of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub(super) struct WrongKey(String);

impl From<UnusableKey> for WrongKey {
    fn from(error: UnusableKey) -> Self {
        Self(error.to_string())
    }
}

impl KeyRules {
    pub(super) fn read(table: &Table<'_>) -> Option<Self> {
        let table = table.required("key")?.table()?;
        if let Some(published) = table.optional("published") {
            return match published.flag()? {
                true => Some(Self::published()),
                false => published.wrong("must be true, or not be there"),
            };
        }
        let variable = table.required("variable").and_then(variable);
        let encoding = table
            .required("encoding")
            .and_then(|node| node.one_of(&ENCODINGS));
        let min = table
            .optional("min_secret")
            .map(|node| node.number(MIN_SECRET..=1024));
        Some(Self {
            variable: variable?,
            encoding: encoding?,
            published: false,
            min_secret: match min {
                Some(min) => Some(usize::try_from(min?).ok()?),
                None => None,
            },
        })
    }

    fn published() -> Self {
        Self {
            variable: ISSUER_KEY.to_owned(),
            encoding: Encoding::Pem,
            published: true,
            min_secret: None,
        }
    }

    pub(super) fn is_published(&self) -> bool {
        self.published
    }

    /// Whether the key has a name that tokens may say.
    pub(super) fn has_name(&self) -> bool {
        self.published || self.has_prefix()
    }

    fn has_prefix(&self) -> bool {
        matches!(
            self.encoding,
            Encoding::NameAndSecret | Encoding::NameAndHex
        )
    }

    /// Whether it is a private key, not a secret that is shared with the vendor.
    pub(super) fn is_pem(&self) -> bool {
        matches!(self.encoding, Encoding::Pem | Encoding::PemBase64)
    }

    /// Whether the shape can use such a key.
    pub(super) fn check(&self, shape: &Shape, table: &Table<'_>) -> Option<()> {
        let wants_pem = match shape {
            Shape::Jwt(token) => !token.is_shared(),
            Shape::Seal(_) | Shape::Exchange(_) => false,
        };
        match wants_pem == self.is_pem() {
            true => Some(()),
            false => table.wrong(
                "needs a key with the encoding pem or pem-base64 for RS, ES and EdDSA, and with another one for HS and codes",
            ),
        }
    }

    /// Makes a key of a variable's text.
    ///
    /// # Errors
    /// [`WrongKey`]; the sentence follows the name of the variable.
    pub(super) fn key(&self, text: &SecretString, shape: &Shape) -> Result<Key, WrongKey> {
        let text = text.expose_secret();
        let (name, secret) = match self.has_prefix() {
            true => text.split_once(':').filter(|(name, _)| !name.is_empty()),
            false => Some(("", text)),
        }
        .ok_or_else(|| unusable("must be a name, a colon and a secret"))?;
        let use_ = match self.is_pem() {
            true => self.private_key(secret, shape)?,
            false => self.shared_key(secret, shape)?,
        };
        let name = match (&use_, shape) {
            (KeyUse::Token(signer), Shape::Jwt(token)) if self.published => {
                let key = public_key(signer, token.algorithm);
                key.ok().and_then(|key| key.common.key_id)
            }
            _ => Some(name.to_owned()),
        };
        Ok(Key {
            name: name.ok_or_else(|| unusable("must be a private key"))?,
            start: text.chars().take(4).collect(),
            use_,
        })
    }

    /// A key of no one, to try a recipe.
    pub(super) fn sample(&self, shape: &Shape) -> String {
        let pem = match shape {
            Shape::Jwt(token) => token.sample_key(),
            Shape::Seal(_) | Shape::Exchange(_) => "",
        };
        let secret = "5e".repeat(self.min_secret(shape).max(32));
        match self.encoding {
            Encoding::Pem => pem.to_owned(),
            Encoding::PemBase64 => STANDARD.encode(pem),
            Encoding::NameAndSecret | Encoding::NameAndHex => format!("key-of-no-one:{secret}"),
            Encoding::Base64 => STANDARD.encode(secret),
            Encoding::Utf8 | Encoding::Hex => secret,
        }
    }

    /// By default the size of a token's hash (RFC 7518, section 3.2), and as much for codes.
    fn min_secret(&self, shape: &Shape) -> usize {
        self.min_secret.unwrap_or(match shape {
            Shape::Jwt(token) => token.hash_size(),
            Shape::Seal(_) | Shape::Exchange(_) => 32,
        })
    }

    fn private_key(&self, text: &str, shape: &Shape) -> Result<KeyUse, WrongKey> {
        let Shape::Jwt(token) = shape else {
            return Err(unusable("must be a shared secret"));
        };
        let decoded = match self.encoding {
            Encoding::PemBase64 => decode(text).and_then(|pem| String::from_utf8(pem).ok()),
            // In variables, line breaks are often written as in JSON.
            _ => Some(text.replace("\\n", "\n")),
        };
        let pem = decoded.ok_or_else(|| unusable("must be the base64 of a key in PEM form"))?;
        let signer = Signer::from_pem(token.algorithm, &pem)?;
        Ok(KeyUse::Token(Box::new(signer)))
    }

    fn shared_key(&self, text: &str, shape: &Shape) -> Result<KeyUse, WrongKey> {
        let secret = match self.encoding {
            Encoding::Hex | Encoding::NameAndHex => base16ct::mixed::decode_vec(text)
                .map_err(|_| unusable("must be in hexadecimal, as the vendor shows it"))?,
            Encoding::Base64 => {
                decode(text).ok_or_else(|| unusable("must be in base64, as the vendor shows it"))?
            }
            _ => text.as_bytes().to_vec(),
        };
        let min_secret = self.min_secret(shape);
        if secret.len() < min_secret || text.trim() != text {
            return Err(WrongKey(format!(
                "must have at least {min_secret} bytes, without spaces around it"
            )));
        }
        Ok(match shape {
            Shape::Jwt(token) => {
                let signer = Signer::from_secret(token.algorithm, &secret);
                let signer = signer.map_err(|_| unusable("must not be empty"))?;
                KeyUse::Token(Box::new(signer))
            }
            Shape::Exchange(_) => KeyUse::Sent(SecretString::from(text.to_owned())),
            Shape::Seal(seal) => {
                let keys = seal.macs().iter();
                KeyUse::Macs(
                    keys.map(|mac| hmac::Key::new(mac.algorithm, &secret))
                        .collect(),
                )
            }
        })
    }
}

/// The public key of a signer; its ID is the thumbprint (RFC 7638).
///
/// # Errors
/// If the key is a shared secret.
pub(super) fn public_key(signer: &Signer, algorithm: Algorithm) -> anyhow::Result<Jwk> {
    let mut jwk = Jwk::from_decoding_key(signer.public(), Some(algorithm))?;
    jwk.common.key_id = Some(jwk.thumbprint(ThumbprintHash::SHA256)?);
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    Ok(jwk)
}

fn unusable(sentence: &str) -> WrongKey {
    WrongKey(sentence.to_owned())
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD
        .decode(text.split_whitespace().collect::<String>())
        .ok()
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}
