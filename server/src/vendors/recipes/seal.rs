//! The shapes `mac` and `envelope`: message authentication codes over values, or over a payload.

use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ring::hmac;

use super::{
    document::{Node, Table},
    facts::Facts,
    names::declared_name,
    payload::Payload,
    scope::{Scope, Source},
    text::Text,
    unmet::Unmet,
};

/// A payload, if it is an envelope, and its codes.
#[derive(Debug)]
pub(super) struct Seal {
    payload: Option<Payload>,
    macs: Vec<Mac>,
}

/// One HMAC (RFC 2104).
pub(super) struct Mac {
    pub(super) name: String,
    pub(super) algorithm: hmac::Algorithm,
    encoding: Encoding,
    over: Text,
}

#[derive(Clone, Copy)]
enum Encoding {
    Hex,
    Base64,
    Base64Url,
}

const ENCODINGS: [(&str, Encoding); 3] = [
    ("hex", Encoding::Hex),
    ("base64", Encoding::Base64),
    ("base64url", Encoding::Base64Url),
];

impl Seal {
    /// Reads the payload and the codes, and adds them to what the response may use.
    pub(super) fn read(table: &Table<'_>, scope: &mut Scope, has_payload: bool) -> Option<Self> {
        let payload = match has_payload {
            true => {
                let node = table.required("payload");
                let payload = node.and_then(|node| Payload::read(&node.table()?, scope));
                payload.map(Some)
            }
            false => Some(None),
        };
        scope.has_payload = has_payload;
        let node = table.required("mac")?;
        let codes = node.table()?;
        let macs: Vec<_> = codes
            .all()
            .iter()
            .map(|(name, node)| Mac::read(name, node, scope))
            .collect();
        // Also those with mistakes, so that what uses them is not reported as well.
        scope.macs = codes
            .all()
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let macs: Vec<Mac> = macs.into_iter().collect::<Option<_>>()?;
        if macs.is_empty() {
            return node.wrong("needs at least one code, such as [mac.signature]");
        }
        Some(Self {
            payload: payload?,
            macs,
        })
    }

    pub(super) fn macs(&self) -> &[Mac] {
        &self.macs
    }

    pub(super) fn uses(&self, is_one: fn(&Source) -> bool) -> bool {
        let payload = self.payload.iter().any(|payload| payload.uses(is_one));
        payload || self.macs.iter().any(|mac| mac.over.sources().any(is_one))
    }

    /// Adds the payload and the codes to the facts. `keys` are in the order of the codes.
    ///
    /// # Errors
    /// [`Unmet`].
    pub(super) fn make(&self, facts: &mut Facts<'_>, keys: &[hmac::Key]) -> Result<(), Unmet> {
        if let Some(payload) = &self.payload {
            facts.payload = payload.text(facts)?;
        }
        for (mac, key) in self.macs.iter().zip(keys) {
            let code = hmac::sign(key, mac.over.text(facts)?.as_bytes());
            facts
                .macs
                .insert(mac.name.clone(), mac.encode(code.as_ref()));
        }
        Ok(())
    }
}

impl Mac {
    fn read(name: &str, node: &Node<'_>, scope: &Scope) -> Option<Self> {
        let algorithms = [
            ("sha256", hmac::HMAC_SHA256),
            ("sha384", hmac::HMAC_SHA384),
            ("sha512", hmac::HMAC_SHA512),
            ("sha1", hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY),
        ];
        let table = node.table()?;
        let name = declared_name(name, node);
        let algorithm = table
            .required("algorithm")
            .and_then(|node| node.one_of(&algorithms));
        let encoding = table
            .required("encoding")
            .and_then(|node| node.one_of(&ENCODINGS));
        let over = table
            .required("over")
            .and_then(|node| Text::read_required(node, scope));
        let legacy = table.optional("legacy").map(|node| node.flag());
        let is_sha1 = algorithm == Some(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY);
        if is_sha1 != legacy.unwrap_or(Some(false))? {
            return node.wrong(
                "needs legacy = true with sha1, and only then: no new vendor should use it",
            );
        }
        Some(Self {
            name: name?,
            algorithm: algorithm?,
            encoding: encoding?,
            over: over?,
        })
    }

    fn encode(&self, code: &[u8]) -> String {
        match self.encoding {
            Encoding::Hex => base16ct::lower::encode_string(code),
            Encoding::Base64 => STANDARD.encode(code),
            Encoding::Base64Url => URL_SAFE_NO_PAD.encode(code),
        }
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mac({})", self.name)
    }
}
