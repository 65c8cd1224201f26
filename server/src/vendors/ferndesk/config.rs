//! Ferndesk's settings.

use std::{str::FromStr, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    signing::hmac_secret,
};

/// The help center whose visitors are identified. On when `FERNDESK_JWT_SECRET` is set.
#[derive(Clone, Debug)]
pub struct FerndeskConfig {
    /// `FERNDESK_JWT_SECRET` (or `FERNDESK_JWT_SECRET_FILE`): Help Center > Customize > Access Control.
    pub secret: SecretString,
    /// `FERNDESK_WIDGET_ID`: the ID of the widget. Only used by the demo's page.
    pub widget_id: Option<String>,
    /// `FERNDESK_SDK_URL`: the widget's script; the vendor's own unless set. Only used by the demo's page.
    pub sdk_url: Url,
    /// `FERNDESK_ATTRIBUTES`, separated by commas: what else the vendor is told about a user; none by
    /// default.
    pub attributes: Vec<Attribute>,
    /// `FERNDESK_TOKEN_SECONDS`: the lifetime of a token, ten minutes by default; an hour in the vendor's
    /// samples.
    pub lifetime: Duration,
}

/// A field of a user that can be sent as one of the vendor's `customAttributes`, under the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// `photo_url`: the URL of the user's photo.
    PhotoUrl,
    /// `member_since`: the day on which the account was created, as an ISO 8601 date.
    MemberSince,
}

impl FromStr for Attribute {
    type Err = ();

    fn from_str(name: &str) -> Result<Self, ()> {
        match name {
            "photo_url" => Ok(Self::PhotoUrl),
            "member_since" => Ok(Self::MemberSince),
            _ => Err(()),
        }
    }
}

impl FerndeskConfig {
    pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        let secret = hmac_secret(source, "FERNDESK_JWT_SECRET", http);
        let widget_id = source.text("FERNDESK_WIDGET_ID");
        let attributes = source.list(
            "FERNDESK_ATTRIBUTES",
            "be names separated by commas, of photo_url and member_since",
            |name| name.parse().ok(),
        );
        let seconds = source.number("FERNDESK_TOKEN_SECONDS", 600, 5..=3600);
        if secret.is_none() && widget_id.is_some() {
            source.problem(
                "FERNDESK_JWT_SECRET",
                "must be set together with FERNDESK_WIDGET_ID",
            );
        }
        Some(Self {
            secret: secret?,
            widget_id,
            sdk_url: source.url(
                "FERNDESK_SDK_URL",
                "https://static.ferndesk.com/dist/sdk.js",
                http,
            )?,
            attributes,
            lifetime: Duration::from_secs(seconds),
        })
    }
}

#[cfg(test)]
mod tests;
