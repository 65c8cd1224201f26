//! What handlers are given. Each asks for the part it uses.

use axum::extract::FromRef;

use crate::{
    accounts::Accounts, clock::Clock, handoff::Handoffs, http::TrustedProxies, oauth::OAuth,
    render::Pages, site::SiteSettings, vendors::Vendors,
};

/// Handles to everything, cheap to clone.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    pub accounts: Accounts,
    pub clock: Clock,
    pub handoffs: Handoffs,
    pub oauth: OAuth,
    pub pages: Pages,
    pub proxies: TrustedProxies,
    pub site: SiteSettings,
    pub vendors: Vendors,
}
