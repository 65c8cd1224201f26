//! The values of one credential.

use std::{cell::OnceCell, collections::BTreeMap, time::Duration};

use super::{json::Json, scope::Source};
use crate::{
    accounts::{AttributeValue, Attributes},
    clock::Timestamp,
    random,
    vendors::identity::VendorIdentity,
};

/// What texts of a recipe are filled with, for one credential.
#[derive(Debug)]
pub(super) struct Facts<'a> {
    pub(super) user: &'a VendorIdentity,
    pub(super) attributes: &'a Attributes,
    pub(super) now: Timestamp,
    pub(super) issued: Timestamp,
    pub(super) lifetime: Option<Duration>,
    pub(super) times: &'a BTreeMap<String, Duration>,
    pub(super) settings: &'a BTreeMap<String, String>,
    pub(super) params: &'a BTreeMap<String, Json>,
    /// The login's origin.
    pub(super) issuer: &'a str,
    pub(super) key_name: &'a str,
    pub(super) key_start: &'a str,
    pub(super) random: &'a Random,
    pub(super) payload: String,
    pub(super) token: String,
    pub(super) macs: BTreeMap<String, String>,
    pub(super) answers: &'a BTreeMap<String, String>,
}

impl Facts<'_> {
    /// The moment, if the source is one.
    pub(super) fn time(&self, source: &Source) -> Option<Timestamp> {
        match source {
            Source::Now => Some(self.now),
            Source::Issued => Some(self.issued),
            Source::Expires => Some(self.issued + self.lifetime?),
            Source::Time(name) => Some(self.now + *self.times.get(name)?),
            _ => None,
        }
    }

    /// Any other value; `None` if it is missing.
    pub(super) fn value(&self, source: &Source) -> Option<Json> {
        let text = match source {
            Source::UserId => self.user.external_id.clone(),
            Source::UserEmail => self.user.email.clone(),
            Source::UserName => self.user.display_name.clone(),
            Source::UserPhoto => self.user.photo_url.clone()?,
            Source::UserMemberSince => self.user.member_since.date()?,
            Source::Attribute(name) => return self.attributes.get(name).map(attribute),
            Source::Now | Source::Issued | Source::Expires | Source::Time(_) => return None,
            Source::Lifetime => return Some(Json::Whole(seconds(self.lifetime?))),
            Source::RandomUuid => self.random.uuid().to_owned(),
            Source::RandomHex => self.random.hex().to_owned(),
            Source::RandomDigits => self.random.digits().to_owned(),
            Source::Issuer => self.issuer.to_owned(),
            Source::KeyName => self.key_name.to_owned(),
            Source::KeyStart => self.key_start.to_owned(),
            Source::Setting(name) => self.settings.get(name)?.clone(),
            Source::Param(name) => return self.params.get(name).cloned(),
            Source::Payload => self.payload.clone(),
            Source::Token => self.token.clone(),
            Source::Mac(name) => self.macs.get(name)?.clone(),
            Source::Answer(name) => self.answers.get(name)?.clone(),
        };
        Some(Json::Text(text))
    }
}

fn attribute(value: &AttributeValue) -> Json {
    match value {
        AttributeValue::Flag(flag) => Json::Flag(*flag),
        AttributeValue::Text(text) => Json::Text(text.clone()),
        AttributeValue::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Json::Whole(whole),
            (None, Some(fraction)) => Json::Fraction(fraction),
            (None, None) => Json::Text(number.to_string()),
        },
    }
}

pub(super) fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

/// The random values of one credential. Each is the same wherever the credential has it.
#[derive(Debug, Default)]
pub(super) struct Random {
    pub(super) uuid: OnceCell<String>,
    pub(super) hex: OnceCell<String>,
    pub(super) digits: OnceCell<String>,
}

impl Random {
    /// Version 4 (RFC 9562, section 5.4).
    pub(super) fn uuid(&self) -> &str {
        self.uuid.get_or_init(|| {
            let mut bytes = random::bytes::<16>();
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            let hex = base16ct::lower::encode_string(&bytes);
            let parts = [
                &hex[..8],
                &hex[8..12],
                &hex[12..16],
                &hex[16..20],
                &hex[20..],
            ];
            parts.join("-")
        })
    }

    /// 128 bits in hexadecimal.
    pub(super) fn hex(&self) -> &str {
        let made = || base16ct::lower::encode_string(&random::bytes::<16>());
        self.hex.get_or_init(made)
    }

    /// Sixteen decimal digits.
    pub(super) fn digits(&self) -> &str {
        self.digits.get_or_init(|| {
            let number = u64::from_le_bytes(random::bytes::<8>());
            format!("{:016}", number % 10_000_000_000_000_000)
        })
    }
}
