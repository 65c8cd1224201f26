//! Ferndesk's settings.

use std::{str::FromStr, time::Duration};

use secrecy::SecretString;
use url::Url;

use crate::{
    config::{HttpConfig, Source},
    vendors::signing::hmac_secret,
};

/// The help centre whose visitors are identified. On when `FERNDESK_JWT_SECRET` is set.
#[derive(Clone, Debug)]
pub struct FerndeskConfig {
    /// `FERNDESK_JWT_SECRET` (or `FERNDESK_JWT_SECRET_FILE`): Help Center > Customize > Access Control.
    pub secret: SecretString,
    /// `FERNDESK_WIDGET_ID`: the widget that pages start. Only the demo's page asks for it.
    pub widget_id: Option<String>,
    /// `FERNDESK_SDK_URL`: the widget's script; the vendor's own unless set. Only the demo's page asks for it.
    pub sdk_url: Url,
    /// `FERNDESK_ATTRIBUTES`: what else the vendor is told of a user, names separated by commas; nothing unless set.
    pub attributes: Vec<Attribute>,
    /// `FERNDESK_TOKEN_SECONDS`: how long a token is good, ten minutes unless set. The vendor's samples have an hour.
    pub lifetime: Duration,
}

/// A field of a user that may become one of the vendor's `customAttributes`, under its own name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// An address of a picture.
    PhotoUrl,
    /// The day on which the account was made, as an ISO date.
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
        let sdk_url = source.text("FERNDESK_SDK_URL");
        let attributes = source.text("FERNDESK_ATTRIBUTES");
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
            sdk_url: self::sdk_url(source, sdk_url.as_deref(), http)?,
            attributes: self::attributes(source, attributes.as_deref().unwrap_or_default()),
            lifetime: Duration::from_secs(seconds),
        })
    }
}

fn attributes(source: &Source, list: &str) -> Vec<Attribute> {
    let names = list
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    names
        .map(str::parse)
        .collect::<Result<_, ()>>()
        .unwrap_or_else(|()| {
            source.problem(
                "FERNDESK_ATTRIBUTES",
                "must be names separated by commas, of photo_url and member_since",
            );
            Vec::new()
        })
}

fn sdk_url(source: &Source, url: Option<&str>, http: &HttpConfig) -> Option<Url> {
    let url = Url::parse(url.unwrap_or("https://static.ferndesk.com/dist/sdk.js")).ok();
    let url = url
        .filter(|url| url.scheme() == "https" || (url.scheme() == "http" && !http.is_production()));
    if url.is_none() {
        source.problem(
            "FERNDESK_SDK_URL",
            "must be the URL of the widget's script, with https in production",
        );
    }
    url
}

#[cfg(test)]
mod tests;
