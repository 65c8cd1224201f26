//! The registry: every vendor and the mailbox, one line each.

use axum::Router;

use crate::clock::Clock;
use crate::config::{Config, Origin};
use crate::pages::{Card, Section};
use crate::running::Running;

/// One thing the sandbox plays.
pub(crate) trait Service: Sized {
    /// Its own flags and variables.
    type Config: clap::Args + Default;

    /// Its place in the navigation.
    const SECTION: Section;

    /// Builds it; fails only if the machine gives no randomness.
    fn new(config: &Self::Config, surroundings: &Surroundings) -> anyhow::Result<Self>;

    /// Its entry on the landing page.
    fn card(&self) -> Card;

    /// All its routes.
    fn router(&self) -> Router;

    /// What it serves under a host name of its own, if it has one.
    fn site(&self) -> Option<Site> {
        None
    }
}

/// Pages under an origin of their own, apart from the sandbox's.
pub(crate) struct Site {
    pub(crate) origin: Origin,
    pub(crate) router: Router,
}

/// What every service may know about the rest.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) login_origin: Origin,
    pub(crate) site_origin: Origin,
    pub(crate) public_url: Origin,
    pub(crate) clock: Clock,
}

impl Surroundings {
    /// `port` is where the web server listens.
    pub(crate) fn new(config: &Config, port: u16) -> Self {
        let public_url = config.public_url.clone();
        Self {
            login_origin: config.login_origin.clone(),
            site_origin: config.site_origin.clone(),
            public_url: public_url.unwrap_or_else(|| Origin::localhost(port)),
            clock: config.clock.clone(),
        }
    }
}

macro_rules! services {
    ($($name:ident: $service:ty, set by $config:ty;)+) => {
        /// The flags and variables of all services.
        #[derive(Debug, Clone, Default, clap::Args)]
        pub struct ServiceConfigs {$(
            #[command(flatten)]
            pub $name: $config,
        )+}

        pub(crate) struct Services {$( pub(crate) $name: $service, )+}

        /// The places of all services, as the navigation shows them.
        pub(crate) const SECTIONS: &[Section] = &[$( <$service as Service>::SECTION, )+];

        impl Services {
            pub(crate) fn new(
                configs: &ServiceConfigs,
                surroundings: &Surroundings,
            ) -> anyhow::Result<Self> {
                Ok(Self {$( $name: Service::new(&configs.$name, surroundings)?, )+})
            }

            pub(crate) fn cards(&self) -> Vec<Card> {
                vec![$( self.$name.card(), )+]
            }

            pub(crate) fn router(&self) -> Router {
                Router::new()$( .merge(self.$name.router()) )+
            }

            pub(crate) fn sites(&self) -> Vec<Site> {
                [$( self.$name.site(), )+].into_iter().flatten().collect()
            }
        }

        impl Running {$(
            /// The same state and switches that the service's HTTP routes use.
            pub fn $name(&self) -> &$service {
                &self.services.$name
            }
        )+}
    };
}

services! {
    knoon: crate::knoon::Knoon, set by crate::knoon::KnoonConfig;
    cloudbase: crate::cloudbase::CloudBase, set by crate::cloudbase::CloudBaseConfig;
    ferndesk: crate::ferndesk::Ferndesk, set by crate::ferndesk::FerndeskConfig;
    zendesk: crate::zendesk::Zendesk, set by crate::zendesk::ZendeskConfig;
    sso: crate::sso::Sso, set by crate::sso::SsoConfig;
    xsolla: crate::xsolla::Xsolla, set by crate::xsolla::XsollaConfig;
    mailbox: crate::mail::Mailbox, set by crate::mail::MailConfig;
}
