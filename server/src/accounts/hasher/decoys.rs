//! What an address without an account is checked against: time must not tell that it has none, while users who came
//! from another system have hashes that take longer or shorter than ours.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use ring::hmac;
use tokio::time::sleep;

use super::{kinds, stored::HashKeys};
use crate::{
    accounts::{Accounts, store},
    workers::Worker,
};

/// How long the proportions are kept.
const INTERVAL: Duration = Duration::from_secs(600);

/// How many users are looked at. They are always the same ones, so that an address keeps its decoy.
const SAMPLE: u32 = 4096;

/// A hash of each class that is stored.
pub(in crate::accounts) struct Decoys {
    key: hmac::Key,
    ours: Arc<str>,
    classes: Vec<Class>,
}

struct Class {
    name: String,
    hash: Arc<str>,
    weight: f64,
}

impl Decoys {
    /// The decoy of a server that knows nothing of its users yet.
    pub(super) fn only(ours: Arc<str>) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, b""),
            ours,
            classes: Vec::new(),
        }
    }

    /// The decoys of users like these.
    pub(super) fn of_sample(&self, key: &str, sample: &[String], keys: &HashKeys) -> Self {
        let mut classes: BTreeMap<String, Class> = BTreeMap::new();
        for stored in sample {
            let Ok(hash) = kinds::parse(stored, keys) else {
                continue;
            };
            let name = hash.class();
            let class = classes.entry(name.clone()).or_insert_with(|| Class {
                name,
                hash: stored.as_str().into(),
                weight: 0.0,
            });
            class.weight += 1.0;
        }
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()),
            ours: Arc::clone(&self.ours),
            classes: classes.into_values().collect(),
        }
    }

    /// The decoy of an address: each class as often as it is stored. If the proportions change a little, few addresses
    /// get another one (weighted rendezvous hashing).
    pub(super) fn draw(&self, email_key: &str) -> Arc<str> {
        let score = |class: &Class| -self.uniform(class, email_key).ln() / class.weight;
        let first = self
            .classes
            .iter()
            .min_by(|a, b| score(a).total_cmp(&score(b)));
        Arc::clone(first.map_or(&self.ours, |class| &class.hash))
    }

    /// A number between 0 and 1 for a class and an address.
    fn uniform(&self, class: &Class, email_key: &str) -> f64 {
        let message = [class.name.as_bytes(), b"\0", email_key.as_bytes()].concat();
        let tag = hmac::sign(&self.key, &message);
        let (first, _) = tag.as_ref().split_at(4);
        let number = first
            .iter()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        (f64::from(number) + 0.5) / (f64::from(u32::MAX) + 1.0)
    }
}

/// Keeps the proportions of the decoys up to date.
pub struct DecoyWorker {
    accounts: Accounts,
}

impl DecoyWorker {
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }
}

impl Worker for DecoyWorker {
    const NAME: &'static str = "decoys";
    const MAX_WORK: Duration = Duration::from_secs(60);

    async fn work(&self) -> anyhow::Result<bool> {
        let accounts = &self.accounts;
        let key = store::decoy_key(&accounts.database).await?;
        let sample = store::sample_of_hashes(accounts.database.read(), &key, SAMPLE).await?;
        accounts.hasher.imitate(&key, &sample);
        Ok(false)
    }

    async fn idle(&self) {
        sleep(INTERVAL).await;
    }
}

#[cfg(test)]
mod tests;
