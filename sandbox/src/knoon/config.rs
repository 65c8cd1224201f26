//! The sandbox's settings for Knoon.

use clap::Args;

use crate::secret::Secret;

/// The host's organization.
#[derive(Debug, Clone, Args)]
pub struct KnoonConfig {
    /// Organization ID that the host signs in to the Knoon API with.
    #[arg(long = "knoon-org-id", env = "SANDBOX_KNOON_ORG_ID", default_value = DEMO_ORG)]
    pub org_id: String,
    /// API key that belongs to the organization.
    #[arg(
        long = "knoon-api-key", env = "SANDBOX_KNOON_API_KEY", hide_env_values = true,
        default_value = DEMO_KEY
    )]
    pub api_key: Secret,
}

const DEMO_ORG: &str = "org_demo";
const DEMO_KEY: &str = "knoon-demo-key-not-for-production";

impl Default for KnoonConfig {
    fn default() -> Self {
        Self {
            org_id: DEMO_ORG.to_owned(),
            api_key: DEMO_KEY.into(),
        }
    }
}
