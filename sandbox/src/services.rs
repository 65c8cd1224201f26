//! The registry: every vendor and the mailbox, in the order of the navigation.
//!
//! `cargo xtask remove-vendor` deletes the lines that contain a vendor's name, so keep each entry on one line.

use crate::cloudbase::{CloudBase, CloudBaseConfig};
use crate::ferndesk::{Ferndesk, FerndeskConfig};
use crate::knoon::{Knoon, KnoonConfig};
use crate::mail::{MailConfig, Mailbox};
use crate::service::{Service, ServiceContext};
use crate::sso::{Sso, SsoConfig};
use crate::xsolla::{Xsolla, XsollaConfig};
use crate::zendesk::{Zendesk, ZendeskConfig};

/// The flags and variables of all services.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ServiceConfigs {
    #[command(flatten, next_help_heading = "Knoon")]
    pub knoon: KnoonConfig,
    #[command(flatten, next_help_heading = "CloudBase")]
    pub cloudbase: CloudBaseConfig,
    #[command(flatten, next_help_heading = "Ferndesk")]
    pub ferndesk: FerndeskConfig,
    #[command(flatten, next_help_heading = "Zendesk")]
    pub zendesk: ZendeskConfig,
    #[command(flatten, next_help_heading = "OpenID provider (SSO)")]
    pub sso: SsoConfig,
    #[command(flatten, next_help_heading = "Xsolla")]
    pub xsolla: XsollaConfig,
    #[command(flatten, next_help_heading = "Mailbox")]
    pub mailbox: MailConfig,
}

impl ServiceConfigs {
    /// Starts every service.
    ///
    /// # Errors
    /// A configuration that a service cannot use, or a failure of the system's random generator.
    pub(crate) fn start(&self, context: &ServiceContext) -> anyhow::Result<Vec<Box<dyn Service>>> {
        let services: Vec<Box<dyn Service>> = vec![
            Box::new(Knoon::start(&self.knoon, context)?),
            Box::new(CloudBase::start(&self.cloudbase, context)?),
            Box::new(Ferndesk::start(&self.ferndesk, context)?),
            Box::new(Zendesk::start(&self.zendesk, context)),
            Box::new(Sso::start(&self.sso, context)?),
            Box::new(Xsolla::start(&self.xsolla, context)?),
            Box::new(Mailbox::start(context.clock.clone())),
        ];
        Ok(services)
    }
}
