//! The token with which a page identifies its visitor to the widget.
//!
//! <https://ferndesk.com/help/jwt-authentication-5b7kd>: HS256, times in seconds. The vendor's documentation
//! once named the user's ID `userId` and now `sub`. Both kinds of help centers are in use, so a token has
//! both.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::config::{Attribute, FerndeskConfig};
use crate::{clock::Timestamp, signing::Hs256, vendors::VendorIdentity};

/// Signs tokens for one help center.
#[derive(Debug)]
pub(super) struct Tokens {
    signer: Hs256,
    attributes: Vec<Attribute>,
    lifetime: Duration,
}

/// The claims of a token. The names are the vendor's.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Claims {
    pub(super) user_id: String,
    pub(super) sub: String,
    pub(super) email: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) custom_attributes: Option<Map<String, Value>>,
    /// Seconds since the Unix epoch.
    pub(super) exp: i64,
}

impl Tokens {
    /// # Errors
    /// If the secret is empty.
    pub(super) fn new(config: &FerndeskConfig) -> anyhow::Result<Self> {
        Ok(Self {
            signer: Hs256::new(&config.secret, None)?,
            attributes: config.attributes.clone(),
            lifetime: config.lifetime,
        })
    }

    /// Creates a token that identifies a user.
    ///
    /// # Errors
    /// If it cannot be signed.
    pub(super) fn token(&self, user: &VendorIdentity, now: Timestamp) -> anyhow::Result<String> {
        self.signer.sign(&self.claims(user, now))
    }

    /// Signs a token and reads it again.
    ///
    /// # Errors
    /// If the claims that are read differ from those that were signed.
    pub(super) fn self_test(&self, now: Timestamp) -> anyhow::Result<()> {
        let user = VendorIdentity::placeholder();
        let read: Claims = self.signer.read(&self.token(&user, now)?)?;
        anyhow::ensure!(
            read == self.claims(&user, now),
            "the self-test token was read back differently"
        );
        Ok(())
    }

    fn claims(&self, user: &VendorIdentity, now: Timestamp) -> Claims {
        Claims {
            user_id: user.external_id.clone(),
            sub: user.external_id.clone(),
            email: user.email.clone(),
            name: Some(user.display_name.clone()).filter(|name| !name.is_empty()),
            custom_attributes: self.custom_attributes(user),
            exp: (now + self.lifetime).seconds(),
        }
    }

    fn custom_attributes(&self, user: &VendorIdentity) -> Option<Map<String, Value>> {
        let attribute = |attribute: &Attribute| match attribute {
            Attribute::PhotoUrl => {
                Some(("photo_url".to_owned(), user.photo_url.as_deref()?.into()))
            }
            Attribute::MemberSince => {
                Some(("member_since".to_owned(), user.member_since.date()?.into()))
            }
        };
        let attributes: Map<String, Value> = self.attributes.iter().filter_map(attribute).collect();
        Some(attributes).filter(|attributes| !attributes.is_empty())
    }
}
