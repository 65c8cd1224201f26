//! The sandbox's settings for its OpenID provider.

use clap::Args;

use crate::secret::Secret;

/// The only client that is registered with the provider.
#[derive(Debug, Clone, Args)]
pub struct SsoConfig {
    /// Client ID that the host signs people in with.
    #[arg(long = "sso-client-id", env = "SANDBOX_SSO_CLIENT_ID", default_value = DEMO_CLIENT)]
    pub client_id: String,
    /// Client secret that belongs to the client ID.
    #[arg(
        long = "sso-client-secret", env = "SANDBOX_SSO_CLIENT_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub client_secret: Secret,
}

const DEMO_CLIENT: &str = "latchkey-demo";
const DEMO_SECRET: &str = "latchkey-demo-sso-secret-not-for-production";

impl Default for SsoConfig {
    fn default() -> Self {
        Self {
            client_id: DEMO_CLIENT.to_owned(),
            client_secret: DEMO_SECRET.into(),
        }
    }
}
