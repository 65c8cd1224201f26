//! The trait that every service implements, and what a service is started with.

use std::any::Any;

use axum::Router;

use crate::clock::Clock;
use crate::origin::Origin;
use crate::pages::Section;

/// A part of the sandbox: a vendor or the mailbox.
pub(crate) trait Service: Any + Send + Sync {
    /// Its entry in the navigation.
    fn section(&self) -> Section;

    /// Its entry on the landing page.
    fn card(&self) -> Card;

    /// Its routes.
    fn router(&self) -> Router;

    /// What it serves under its own host name, if it has one.
    fn site(&self) -> Option<Site> {
        None
    }
}

/// A service on the landing page.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Card {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) path: &'static str,
    pub(crate) link: &'static str,
}

/// Pages under an origin of their own, separate from the sandbox's.
pub(crate) struct Site {
    pub(crate) origin: Origin,
    pub(crate) router: Router,
}

/// What a service is started with, besides its own configuration.
#[derive(Debug, Clone)]
pub(crate) struct ServiceContext {
    /// The origin of the host's login pages.
    pub(crate) login_origin: Origin,
    /// The origin of the customer's site.
    pub(crate) site_origin: Origin,
    /// The origin under which browsers reach the sandbox.
    pub(crate) public_url: Origin,
    pub(crate) clock: Clock,
}
