//! The sandbox's settings for Ferndesk.

use clap::Args;

use crate::origin::Origin;
use crate::secret::Secret;

/// The one help center, as an administrator sets it up in Ferndesk's dashboard.
#[derive(Debug, Clone, Args)]
pub struct FerndeskConfig {
    /// JWT secret of the Ferndesk help center.
    #[arg(
        long = "ferndesk-jwt-secret", env = "SANDBOX_FERNDESK_JWT_SECRET", hide_env_values = true,
        default_value = DEMO_SECRET
    )]
    pub jwt_secret: Secret,
    /// Id of the Ferndesk widget that sites embed.
    #[arg(
        long = "ferndesk-widget-id", env = "SANDBOX_FERNDESK_WIDGET_ID",
        default_value = DEMO_WIDGET
    )]
    pub widget_id: String,
    /// Origin of the Ferndesk help center [default: http://help.latchkey.localhost:PORT]
    #[arg(long = "ferndesk-help-origin", env = "SANDBOX_FERNDESK_HELP_ORIGIN")]
    pub help_origin: Option<Origin>,
}

const DEMO_SECRET: &str = "ferndesk-demo-secret-not-for-production";
const DEMO_WIDGET: &str = "wg_demo";

impl Default for FerndeskConfig {
    fn default() -> Self {
        Self {
            jwt_secret: DEMO_SECRET.into(),
            widget_id: DEMO_WIDGET.to_owned(),
            help_origin: None,
        }
    }
}
