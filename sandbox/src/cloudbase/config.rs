//! The sandbox's settings for CloudBase.

use std::path::PathBuf;

use clap::Args;

/// The one environment, and the path to which its administrator downloads the key file.
#[derive(Debug, Clone, Args)]
pub struct CloudBaseConfig {
    /// Id of the environment, which is the SDK's client id as well.
    #[arg(long = "cloudbase-env-id", env = "SANDBOX_CLOUDBASE_ENV_ID", default_value = DEMO_ENV)]
    pub env_id: String,
    /// File that always holds the current private key, as if just downloaded.
    #[arg(long = "cloudbase-key-file", env = "SANDBOX_CLOUDBASE_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

const DEMO_ENV: &str = "latchkey-demo-1a2b3c";

impl Default for CloudBaseConfig {
    fn default() -> Self {
        Self {
            env_id: DEMO_ENV.to_owned(),
            key_file: None,
        }
    }
}
