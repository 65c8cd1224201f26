//! The organizations that may use the credentials API, each with its own key.

use super::config::KnoonConfig;
use crate::secret::{Replaceable, Secret, SecretInUse};

/// Another customer's organization, which owns a chat box.
pub(super) const OTHER_ORGANIZATION: &str = "org_another_user";
const OTHER_KEY: &str = "knoon-key-of-another-user-not-for-production";

/// The host's organization and another customer's.
pub(super) struct Organizations {
    own_id: String,
    own_key: Replaceable,
    other_key: Secret,
}

impl Organizations {
    /// # Errors
    /// A failure of the system's random generator.
    pub(super) fn new(config: &KnoonConfig) -> anyhow::Result<Self> {
        Ok(Self {
            own_id: config.org_id.clone(),
            own_key: Replaceable::new(&config.api_key)?,
            other_key: OTHER_KEY.into(),
        })
    }

    /// The id of the host's organization.
    pub(super) fn own_id(&self) -> &str {
        &self.own_id
    }

    /// The key of an organization; `own_key` says which of the host's two keys is valid.
    pub(super) fn key(&self, org_id: &str, own_key: SecretInUse) -> Option<&Secret> {
        if org_id == self.own_id {
            return Some(self.own_key.at(own_key));
        }
        (org_id == OTHER_ORGANIZATION).then_some(&self.other_key)
    }
}
