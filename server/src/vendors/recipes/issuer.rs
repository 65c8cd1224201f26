//! Makes credentials: a recipe with the deployment's settings and key.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::ensure;

use super::{
    facts::{Facts, Random},
    json::Json,
    key::{Key, KeyUse},
    keys::Keys,
    recipe::{Recipe, Shape},
    unmet::Unmet,
};
use crate::{clock::Timestamp, vendors::VendorIdentity};

/// A recipe that is loaded.
#[derive(Clone, Debug)]
pub(super) struct Issuer {
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
    pub(super) params: &'a BTreeMap<String, Json>,
    pub(super) now: Timestamp,
    pub(super) random: &'a Random,
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
            Shape::Seal(_) => Ok(None),
        }
    }

    /// Whether a signature should not be made on a thread that serves requests.
    pub(super) fn is_slow(&self) -> bool {
        matches!(&self.key().use_, KeyUse::Token(signer) if signer.is_slow())
    }

    /// Makes a credential and verifies it.
    ///
    /// # Errors
    /// If it cannot be made, or its signature is not valid.
    pub(super) fn self_test(&self, now: Timestamp) -> anyhow::Result<()> {
        if let KeyUse::Token(signer) = &self.key().use_ {
            signer.self_test()?;
        }
        let samples = self.recipe.params.iter();
        let params = samples
            .map(|param| (param.name.clone(), param.sample()))
            .collect();
        let order = Order {
            user: &VendorIdentity::placeholder(),
            params: &params,
            now,
            random: &Random::default(),
        };
        match self.issue(&order) {
            // The made-up user may lack what the vendor needs.
            Ok(_) | Err(IssueError::Unmet(Unmet::Missing(_) | Unmet::Misfit(_))) => Ok(()),
            Err(error) => {
                ensure!(false, "the recipe {}: {error}", self.recipe.name);
                Ok(())
            }
        }
    }

    fn key(&self) -> Arc<Key> {
        self.keys.current(&self.recipe.key, &self.recipe.shape)
    }

    fn facts<'a>(&'a self, order: &'a Order<'a>, key: &'a Key) -> Facts<'a> {
        Facts {
            user: order.user,
            now: order.now,
            issued: order.now - self.recipe.backdate,
            lifetime: self.recipe.lifetime,
            times: &self.recipe.times,
            settings: &self.settings,
            params: order.params,
            key_name: &key.name,
            key_start: &key.start,
            random: order.random,
            payload: String::new(),
            token: String::new(),
            macs: BTreeMap::new(),
        }
    }
}
