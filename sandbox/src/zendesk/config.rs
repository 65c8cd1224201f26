//! The sandbox's settings for Zendesk.

use clap::Args;

use crate::secret::Secret;

/// One Zendesk account, with separate secrets for Chat and Messaging.
#[derive(Debug, Clone, Args)]
pub struct ZendeskConfig {
    /// Shared secret of Chat's visitor authentication.
    #[arg(
        long = "zendesk-chat-secret", env = "SANDBOX_ZENDESK_CHAT_SECRET", hide_env_values = true,
        default_value = DEMO_CHAT_SECRET
    )]
    pub chat_secret: Secret,
    /// Public key of the Chat account, as pages give it to the Web SDK.
    #[arg(
        long = "zendesk-chat-account-key", env = "SANDBOX_ZENDESK_CHAT_ACCOUNT_KEY",
        default_value = DEMO_ACCOUNT_KEY
    )]
    pub chat_account_key: String,
    /// OAuth token that the Visitors API accepts.
    #[arg(
        long = "zendesk-chat-api-token", env = "SANDBOX_ZENDESK_CHAT_API_TOKEN", hide_env_values = true,
        default_value = DEMO_API_TOKEN
    )]
    pub chat_api_token: Secret,
    /// Id of the Messaging signing key, the `kid` of its tokens.
    #[arg(
        long = "zendesk-messaging-key-id", env = "SANDBOX_ZENDESK_MESSAGING_KEY_ID",
        default_value = DEMO_KEY_ID
    )]
    pub messaging_key_id: String,
    /// Shared secret that belongs to the Messaging signing key.
    #[arg(
        long = "zendesk-messaging-secret", env = "SANDBOX_ZENDESK_MESSAGING_SECRET", hide_env_values = true,
        default_value = DEMO_MESSAGING_SECRET
    )]
    pub messaging_secret: Secret,
}

const DEMO_CHAT_SECRET: &str = "zendesk-chat-demo-secret-not-for-production";
const DEMO_ACCOUNT_KEY: &str = "zendesk-demo-account-key";
const DEMO_API_TOKEN: &str = "zendesk-demo-api-token-not-for-production";
const DEMO_KEY_ID: &str = "app_demo";
const DEMO_MESSAGING_SECRET: &str = "zendesk-messaging-demo-secret-not-for-production";

impl Default for ZendeskConfig {
    fn default() -> Self {
        Self {
            chat_secret: DEMO_CHAT_SECRET.into(),
            chat_account_key: DEMO_ACCOUNT_KEY.to_owned(),
            chat_api_token: DEMO_API_TOKEN.into(),
            messaging_key_id: DEMO_KEY_ID.to_owned(),
            messaging_secret: DEMO_MESSAGING_SECRET.into(),
        }
    }
}
