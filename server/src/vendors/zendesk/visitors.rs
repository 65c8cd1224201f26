//! Looks up Chat's visitors: "Show Visitor" of its REST API, at its old URL or at its new one.
//!
//! <https://developer.zendesk.com/api-reference/live-chat/chat-api/visitors/>. The documentation shows IDs as
//! numbers and as strings with a dot or a hyphen inside, and times as numbers and as dates. All are accepted.

use std::{fmt, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use axum::http::{HeaderValue, StatusCode, header::AUTHORIZATION};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{NAME, config::VisitorsConfig};
use crate::{
    clock::Timestamp,
    outbound,
    vendors::{DirectoryError, VendorVisitor, VisitorDirectory},
};

const TIMEOUT: Duration = Duration::from_secs(5);
const MAX_BYTES: usize = 64 * 1024;
const MAX_ID: usize = 100;

/// A client of Chat's API.
pub(super) struct Visitors {
    client: Client,
    collection: Url,
    token: SecretString,
}

#[derive(Deserialize)]
struct Visitor {
    id: Loose,
    name: Option<String>,
    email: Option<String>,
    created: Option<Loose>,
    external_id: Option<Loose>,
}

/// A value that is a string on some pages of the documentation and a number on others.
#[derive(Deserialize)]
#[serde(untagged)]
enum Loose {
    Text(String),
    Number(i64),
}

impl Loose {
    fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }
}

impl Visitors {
    pub(super) fn new(config: &VisitorsConfig) -> anyhow::Result<Self> {
        Ok(Self {
            client: outbound::client(TIMEOUT)?,
            collection: config.collection.clone(),
            token: config.token.clone(),
        })
    }

    async fn show(&self, id: &str) -> Result<Option<VendorVisitor>, DirectoryError> {
        let bearer = format!("Bearer {}", self.token.expose_secret());
        let mut bearer = HeaderValue::try_from(bearer).map_err(DirectoryError::unavailable)?;
        bearer.set_sensitive(true);
        let url = self
            .collection
            .join(id)
            .map_err(DirectoryError::unavailable)?;
        let request = self.client.get(url).header(AUTHORIZATION, bearer);
        let mut response = outbound::send(NAME, request)
            .await
            .map_err(|error| DirectoryError::unavailable(error.without_url()))?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND => return Ok(None),
            status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
                return Err(DirectoryError::Unauthorized(status));
            }
            status => return Err(DirectoryError::unavailable(anyhow!("status {status}"))),
        }
        let body = outbound::read(&mut response, MAX_BYTES)
            .await
            .map_err(DirectoryError::Unavailable)?;
        let visitor: Visitor = serde_json::from_slice(&body)
            .map_err(|_| DirectoryError::unavailable(anyhow!("the response cannot be parsed")))?;
        Ok(Some(visitor.into()))
    }
}

impl From<Visitor> for VendorVisitor {
    fn from(visitor: Visitor) -> Self {
        let said = |text: &String| !text.is_empty();
        Self {
            id: visitor.id.into_text(),
            name: visitor.name.filter(said),
            email: visitor.email.filter(said),
            since: visitor.created.and_then(since),
            external_id: visitor.external_id.map(Loose::into_text).filter(said),
        }
    }
}

/// The day of a time that is in seconds since the Unix epoch or an ISO 8601 date.
fn since(created: Loose) -> Option<String> {
    match created {
        Loose::Number(seconds) => Timestamp(seconds.checked_mul(1000)?).date(),
        Loose::Text(date) => Some(date.get(..10)?.to_owned()),
    }
}

/// Whether a string has the form of a visitor's ID. It becomes part of a URL, so nothing else is accepted.
fn is_id(id: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    id.len() <= MAX_ID
        && id.starts_with(|first: char| first.is_ascii_alphanumeric())
        && id.bytes().all(is_part)
}

#[async_trait]
impl VisitorDirectory for Visitors {
    fn name(&self) -> &'static str {
        NAME
    }

    fn label(&self) -> &'static str {
        "Zendesk Chat"
    }

    async fn visitor(&self, id: &str) -> Result<Option<VendorVisitor>, DirectoryError> {
        match is_id(id) {
            true => self.show(id).await,
            false => Ok(None),
        }
    }
}

impl fmt::Debug for Visitors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Visitors")
    }
}
