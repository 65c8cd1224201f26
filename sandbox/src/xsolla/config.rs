//! The sandbox's settings for Xsolla.

use clap::Args;

use crate::secret::Secret;

/// The Login project, as an administrator would set it up in Xsolla's Publisher Account.
#[derive(Debug, Clone, Args)]
pub struct XsollaConfig {
    /// ID of the Login project.
    #[arg(id = "xsolla-project-id", long, env = "SANDBOX_XSOLLA_PROJECT_ID", default_value = DEMO_PROJECT)]
    pub project_id: String,
    /// Secret that signs the project's user JWTs.
    #[arg(
        id = "xsolla-secret", long, env = "SANDBOX_XSOLLA_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub secret: Secret,
    /// ID of the project's OAuth 2.0 client.
    #[arg(id = "xsolla-client-id", long, env = "SANDBOX_XSOLLA_CLIENT_ID", default_value = DEMO_CLIENT)]
    pub client_id: String,
    /// Secret of the project's OAuth 2.0 client.
    #[arg(
        id = "xsolla-client-secret", long, env = "SANDBOX_XSOLLA_CLIENT_SECRET", hide_env_values = true,
        default_value = DEMO_CLIENT_SECRET
    )]
    pub client_secret: Secret,
    /// Callback URLs of the project, separated by commas
    /// [default: the login's /oauth/xsolla/callback and the site's pages].
    #[arg(
        id = "xsolla-callback-urls",
        long,
        env = "SANDBOX_XSOLLA_CALLBACK_URLS",
        value_delimiter = ','
    )]
    pub callback_urls: Vec<String>,
}

const DEMO_PROJECT: &str = "40db2ea4-5d42-11e6-a3ff-005056a0e04a";
const DEMO_SECRET: &str = "xsolla-demo-secret-not-for-production";
const DEMO_CLIENT: &str = "1001";
const DEMO_CLIENT_SECRET: &str = "xsolla-demo-client-secret-not-for-production";

impl Default for XsollaConfig {
    fn default() -> Self {
        Self {
            project_id: DEMO_PROJECT.to_owned(),
            secret: DEMO_SECRET.into(),
            client_id: DEMO_CLIENT.to_owned(),
            client_secret: DEMO_CLIENT_SECRET.into(),
            callback_urls: Vec::new(),
        }
    }
}
