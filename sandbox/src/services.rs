//! The registry: every vendor and the mailbox, in the order of the navigation.
//!
//! Every line about a vendor contains its name, so `cargo xtask remove-vendor` can delete it.

use crate::service::{Service, ServiceContext};

/// The flags and variables of all services.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct ServiceConfigs {
    #[command(flatten, next_help_heading = "Knoon")]
    pub knoon: crate::knoon::KnoonConfig,
    #[command(flatten, next_help_heading = "CloudBase")]
    pub cloudbase: crate::cloudbase::CloudBaseConfig,
    #[command(flatten, next_help_heading = "Ferndesk")]
    pub ferndesk: crate::ferndesk::FerndeskConfig,
    #[command(flatten, next_help_heading = "Zendesk")]
    pub zendesk: crate::zendesk::ZendeskConfig,
    #[command(flatten, next_help_heading = "OpenID provider (SSO)")]
    pub sso: crate::sso::SsoConfig,
    #[command(flatten, next_help_heading = "Xsolla")]
    pub xsolla: crate::xsolla::XsollaConfig,
    #[command(flatten, next_help_heading = "Mailbox")]
    pub mailbox: crate::mail::MailConfig,
}

impl ServiceConfigs {
    /// Starts every service.
    ///
    /// # Errors
    /// A configuration that a service cannot use, or a failure of the system's random generator.
    pub(crate) fn start(&self, context: &ServiceContext) -> anyhow::Result<Vec<Box<dyn Service>>> {
        let services: Vec<Box<dyn Service>> = vec![
            Box::new(crate::knoon::Knoon::start(&self.knoon, context)?),
            Box::new(crate::cloudbase::CloudBase::start(
                &self.cloudbase,
                context,
            )?),
            Box::new(crate::ferndesk::Ferndesk::start(&self.ferndesk, context)?),
            Box::new(crate::zendesk::Zendesk::start(&self.zendesk, context)),
            Box::new(crate::sso::Sso::start(&self.sso, context)?),
            Box::new(crate::xsolla::Xsolla::start(&self.xsolla, context)?),
            Box::new(crate::mail::Mailbox::start(context.clock.clone())),
        ];
        Ok(services)
    }
}
