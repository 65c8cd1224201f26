//! The shape `exchange`: the vendor makes the credential. One request with the key, and what to pick from its answer.

use std::{collections::BTreeMap, time::Duration};

use anyhow::{Context, ensure};
use axum::http::{HeaderName, HeaderValue, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Client;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value as Answer;
use tokio::sync::Semaphore;
use url::Url;

use super::{
    document::{Node, Table},
    facts::Facts,
    json::Json,
    names::declared_name,
    scope::{Scope, Source},
    text::Text,
    unmet::Unmet,
    value::Object,
};
use crate::outbound;

/// The maximum size of an answer. A credential has a few hundred bytes.
const MAX_BYTES: usize = 64 * 1024;

/// For a request in all, with its answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The maximum number of requests to one vendor at a time; further ones wait. So a vendor that hangs can't take up
/// unlimited connections.
const MAX_CONCURRENT: usize = 32;

/// A request to a vendor and what to pick from its answer.
#[derive(Debug)]
pub(super) struct Exchange {
    url: Text,
    authorization: Authorization,
    body: Object,
    /// Names, and the members that lead to each value.
    answer: Vec<(String, String)>,
}

/// Where the key goes.
#[derive(Clone, Debug)]
enum Authorization {
    Bearer,
    /// The key is a name, a colon and a secret.
    Basic,
    Header(HeaderName),
}

/// A request that is ready to be sent.
pub(super) struct Prepared {
    url: Url,
    header: HeaderName,
    value: HeaderValue,
    body: String,
}

/// Sends requests to one vendor.
#[derive(Debug)]
pub(super) struct Exchanger {
    client: Client,
    permits: Semaphore,
}

impl Exchange {
    /// Reads the request, and adds what is picked from the answer to what the response may use.
    pub(super) fn read(table: &Table<'_>, scope: &mut Scope) -> Option<Self> {
        let request = table.required("request").and_then(Node::table);
        let constants = scope.constants();
        let request = request.and_then(|request| {
            let url = request
                .required("url")
                .and_then(|node| Text::read(node, &constants));
            let authorization = request.required("authorization").and_then(authorization);
            let body = request.required("body").and_then(Node::table);
            let body = body.and_then(|body| Object::read(&body, scope));
            Some((url?, authorization?, body?))
        });
        let node = table.required("answer")?;
        let values = node.table()?;
        let answer: Vec<_> = values
            .all()
            .iter()
            .map(|(name, node)| Some((declared_name(name, node)?, node.text()?)))
            .collect();
        // Also those with mistakes, so that what uses them is not reported as well.
        scope.answers = values
            .all()
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let answer: Vec<_> = answer.into_iter().collect::<Option<_>>()?;
        if answer.is_empty() {
            return node.wrong("needs at least one value, such as token = \"token\"");
        }
        let (url, authorization, body) = request?;
        Some(Self {
            url,
            authorization,
            body,
            answer,
        })
    }

    /// # Errors
    /// [`Unmet`].
    pub(super) fn body(&self, facts: &Facts<'_>) -> Result<Json, Unmet> {
        Ok(Json::Object(self.body.members(facts)?))
    }

    pub(super) fn uses(&self, is_one: fn(&Source) -> bool) -> bool {
        self.body.uses(is_one)
    }

    /// Where the request goes; `None` if that is no URL.
    pub(super) fn url(&self, facts: &Facts<'_>) -> Option<Url> {
        Url::parse(&self.url.text(facts).ok()?).ok()
    }

    /// # Errors
    /// If the key cannot be sent, or the URL is none. The message has neither.
    pub(super) fn prepare(
        &self,
        facts: &Facts<'_>,
        body: &Json,
        key: &SecretString,
    ) -> anyhow::Result<Prepared> {
        let key = key.expose_secret();
        let (header, value) = match &self.authorization {
            Authorization::Bearer => (AUTHORIZATION, format!("Bearer {key}")),
            Authorization::Basic => (AUTHORIZATION, format!("Basic {}", STANDARD.encode(key))),
            Authorization::Header(name) => (name.clone(), key.to_owned()),
        };
        let mut value = HeaderValue::try_from(value).context("the key cannot be in a header")?;
        value.set_sensitive(true);
        Ok(Prepared {
            url: self.url(facts).context("the URL is not valid")?,
            header,
            value,
            body: body.to_string(),
        })
    }

    /// A made-up answer, to try a recipe.
    pub(super) fn sample(&self) -> BTreeMap<String, String> {
        let names = self.answer.iter();
        names
            .map(|(name, _)| (name.clone(), format!("{name}-of-the-vendor")))
            .collect()
    }

    fn pick(&self, answer: &Answer) -> anyhow::Result<BTreeMap<String, String>> {
        let mut picked = BTreeMap::new();
        for (name, path) in &self.answer {
            let mut parts = path.split('.');
            let value = parts.try_fold(answer, |value, part| value.get(part));
            let text = match value {
                Some(Answer::String(text)) if !text.is_empty() => text.clone(),
                Some(Answer::Number(number)) => number.to_string(),
                _ => anyhow::bail!("the answer has no text or number at {path}"),
            };
            picked.insert(name.clone(), text);
        }
        Ok(picked)
    }
}

impl Exchanger {
    /// # Errors
    /// If no HTTP client can be created.
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            client: outbound::client(TIMEOUT)?,
            permits: Semaphore::new(MAX_CONCURRENT),
        })
    }

    /// Sends a request, and picks the values from its answer. Never repeats a request.
    ///
    /// # Errors
    /// If there is no answer in time, or it is not the credential. The message has no secret.
    pub(super) async fn send(
        &self,
        vendor: &'static str,
        exchange: &Exchange,
        prepared: Prepared,
    ) -> anyhow::Result<BTreeMap<String, String>> {
        let sent = async {
            let _permit = self.permits.acquire().await?;
            let request = self
                .client
                .post(prepared.url)
                .header(prepared.header, prepared.value)
                .header("content-type", "application/json")
                .header("accept", "application/json")
                .body(prepared.body);
            let response = outbound::send(vendor, request).await;
            let mut response = response.map_err(reqwest::Error::without_url)?;
            let status = response.status();
            ensure!(status.is_success(), "status {status}");
            let body = outbound::read(&mut response, MAX_BYTES).await?;
            let answer = serde_json::from_slice(&body).ok();
            exchange.pick(&answer.context("the answer is not JSON")?)
        };
        tokio::time::timeout(TIMEOUT, sent)
            .await
            .context("no answer in time")?
    }
}

/// `bearer`, `basic`, or the name of a header.
fn authorization(node: &Node<'_>) -> Option<Authorization> {
    match node.text()?.as_str() {
        "bearer" => Some(Authorization::Bearer),
        "basic" => Some(Authorization::Basic),
        name => match HeaderName::try_from(name) {
            Ok(name) if name.as_str().contains('-') => Some(Authorization::Header(name)),
            _ => node.wrong("must be bearer, basic, or the name of a header such as Api-Token"),
        },
    }
}
