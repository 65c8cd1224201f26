//! Makes credentials: a recipe with the deployment's settings and key.

use std::{collections::BTreeMap, sync::Arc};

use url::Url;

use super::{
    exchange::Prepared,
    facts::{Facts, Random},
    json::Json,
    key::{Key, KeyUse},
    keys::Keys,
    recipe::Recipe,
    shape::Shape,
    unmet::Unmet,
};
use crate::{accounts::Attributes, clock::Timestamp, vendors::identity::VendorIdentity};

/// A recipe that is loaded.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
    /// The login's origin.
    pub(super) origin: Arc<str>,
    pub(super) recipe: Arc<Recipe>,
    pub(super) settings: Arc<BTreeMap<String, String>>,
    pub(super) keys: Arc<Keys>,
}

/// Why there is no credential.
#[derive(Debug, thiserror::Error)]
pub(super) enum IssueError {
    /// The request or the user does not meet the recipe's conditions.
    #[error(transparent)]
    Unmet(#[from] Unmet),
    /// The key does not sign.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// What is asked for: everything that differs from one credential to the next.
#[derive(Debug)]
pub(super) struct Order<'a> {
    pub(super) user: &'a VendorIdentity,
    pub(super) attributes: &'a Attributes,
    pub(super) params: &'a BTreeMap<String, Json>,
    pub(super) now: Timestamp,
    pub(super) random: &'a Random,
    /// What the vendor has answered, if it was asked.
    pub(super) answers: &'a BTreeMap<String, String>,
}

impl Issuer {
    /// The parameters of a request, checked. What the recipe does not declare is not looked at.
    ///
    /// # Errors
    /// [`Unmet::Param`].
    pub(super) fn params(
        &self,
        given: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, Json>, Unmet> {
        let mut params = BTreeMap::new();
        for param in &self.recipe.params {
            let text = given.get(&param.name).map(String::as_str);
            if let Some(value) = param.value(text, &self.settings)? {
                params.insert(param.name.clone(), value);
            }
        }
        Ok(params)
    }

    /// Makes a credential: the fields of the response.
    ///
    /// # Errors
    /// [`IssueError`].
    pub(super) fn issue(&self, order: &Order<'_>) -> Result<Json, IssueError> {
        let key = self.key();
        let mut facts = self.facts(order, &key);
        match (&self.recipe.shape, &key.use_) {
            (Shape::Jwt(token), KeyUse::Token(signer)) => {
                let (header, claims) = token.parts(&facts)?;
                facts.token = signer.token(&header, &claims)?;
            }
            (Shape::Seal(seal), KeyUse::Macs(keys)) => seal.make(&mut facts, keys)?,
            (Shape::Exchange(_), KeyUse::Sent(_)) => {}
            _ => return Err(anyhow::anyhow!("the key is of another kind").into()),
        }
        let response = Json::Object(self.recipe.response.members(&facts)?);
        match response.to_string().len() > self.recipe.max_bytes {
            true => Err(Unmet::TooLong.into()),
            false => Ok(response),
        }
    }

    /// Header and claims of a token before they are signed; `None` for other shapes.
    ///
    /// # Errors
    /// [`Unmet`].
    pub(super) fn shown(&self, order: &Order<'_>) -> Result<Option<[Json; 2]>, Unmet> {
        match &self.recipe.shape {
            Shape::Jwt(token) => token.shown(&self.facts(order, &self.key())).map(Some),
            Shape::Seal(_) | Shape::Exchange(_) => Ok(None),
        }
    }

    /// The request to the vendor, if the vendor makes the credential.
    ///
    /// # Errors
    /// [`IssueError`].
    pub(super) fn prepare(&self, order: &Order<'_>) -> Result<Option<Prepared>, IssueError> {
        let key = self.key();
        let facts = self.facts(order, &key);
        match (&self.recipe.shape, &key.use_) {
            (Shape::Exchange(exchange), KeyUse::Sent(secret)) => {
                let body = exchange.body(&facts)?;
                Ok(Some(exchange.prepare(&facts, &body, secret)?))
            }
            _ => Ok(None),
        }
    }

    /// Where and with what body the vendor is asked; `None` for other shapes.
    ///
    /// # Errors
    /// [`Unmet`].
    pub(super) fn shown_request(
        &self,
        order: &Order<'_>,
    ) -> Result<Option<(Option<Url>, Json)>, Unmet> {
        let key = self.key();
        let facts = self.facts(order, &key);
        match &self.recipe.shape {
            Shape::Exchange(exchange) => Ok(Some((exchange.url(&facts), exchange.body(&facts)?))),
            _ => Ok(None),
        }
    }

    /// A made-up answer of the vendor.
    pub(super) fn sample_answers(&self) -> BTreeMap<String, String> {
        match &self.recipe.shape {
            Shape::Exchange(exchange) => exchange.sample(),
            _ => BTreeMap::new(),
        }
    }

    /// For whom tokens are, if their key is published.
    pub(super) fn published_audience(&self) -> Option<String> {
        let Shape::Jwt(token) = &self.recipe.shape else {
            return None;
        };
        let is_published = self.recipe.key.is_published();
        self.with_sample(Timestamp(0), |order| {
            let key = self.key();
            is_published.then(|| token.audience(&self.facts(order, &key)))?
        })
    }

    /// Whether a signature takes most of a millisecond, so that it should not be made on a thread that serves
    /// requests.
    pub(super) fn is_slow(&self) -> bool {
        matches!(&self.recipe.shape, Shape::Jwt(token) if token.is_rsa())
    }

    /// Whether the key goes only where it may. True for recipes that send no request.
    pub(super) fn asks_safely(&self, is_safe: impl FnOnce(&Url) -> bool) -> bool {
        let shown = self.with_sample(Timestamp(0), |order| {
            let key = self.key();
            let facts = self.facts(order, &key);
            match &self.recipe.shape {
                Shape::Exchange(exchange) => Some(exchange.url(&facts)),
                _ => None,
            }
        });
        shown.is_none_or(|url| url.is_some_and(|url| is_safe(&url)))
    }

    /// Makes a credential and verifies it. Asks no vendor.
    ///
    /// # Errors
    /// If it cannot be made, or its signature is not valid.
    pub(super) fn self_test(&self, now: Timestamp) -> anyhow::Result<()> {
        if let KeyUse::Token(signer) = &self.key().use_ {
            signer.self_test()?;
        }
        match self.with_sample(now, |order| self.issue(order)) {
            // The made-up user may lack what the vendor needs.
            Ok(_) | Err(IssueError::Unmet(Unmet::Missing(_) | Unmet::Misfit(_))) => Ok(()),
            Err(error) => Err(anyhow::anyhow!("the recipe {}: {error}", self.recipe.name)),
        }
    }

    fn with_sample<T>(&self, now: Timestamp, make: impl FnOnce(&Order<'_>) -> T) -> T {
        let samples = self.recipe.params.iter();
        let params = samples
            .map(|param| (param.name.clone(), param.sample()))
            .collect();
        make(&Order {
            user: &VendorIdentity::placeholder(),
            attributes: &Attributes::default(),
            params: &params,
            now,
            random: &Random::default(),
            answers: &self.sample_answers(),
        })
    }

    /// The key that signs now.
    pub(super) fn key(&self) -> Arc<Key> {
        self.keys.current(&self.recipe.key, &self.recipe.shape)
    }

    fn facts<'a>(&'a self, order: &'a Order<'a>, key: &'a Key) -> Facts<'a> {
        Facts {
            user: order.user,
            attributes: order.attributes,
            now: order.now,
            issued: order.now - self.recipe.backdate,
            lifetime: self.recipe.lifetime,
            times: &self.recipe.times,
            settings: &self.settings,
            params: order.params,
            issuer: &self.origin,
            key_name: &key.name,
            key_start: &key.start,
            random: order.random,
            payload: String::new(),
            token: String::new(),
            macs: BTreeMap::new(),
            answers: order.answers,
        }
    }
}

#[cfg(test)]
mod tests;
