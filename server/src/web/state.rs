//! The state of the handlers, of which each extracts the parts that it uses.

use std::sync::Arc;

use axum::extract::FromRef;

use super::{Pages, SiteSettings, http::TrustedProxies};
use crate::{
    accounts::Accounts,
    audit::CredentialUses,
    clock::Clock,
    database::Database,
    handoff::Handoffs,
    limits::{Limiter, LimitsConfig},
    oauth::OAuth,
    session,
    vendors::Vendors,
    workers::Workers,
};

/// Handles to all services. All are cheap to clone, since axum clones the state for every request.
#[derive(Clone, Debug, FromRef)]
pub struct AppState {
    pub accounts: Accounts,
    pub clock: Clock,
    pub database: Database,
    pub handoffs: Handoffs,
    pub limiter: Limiter,
    pub limits: Arc<LimitsConfig>,
    pub oauth: OAuth,
    pub pages: Pages,
    pub proxies: TrustedProxies,
    pub sessions: session::Store,
    pub site: SiteSettings,
    pub uses: CredentialUses,
    pub vendors: Vendors,
    pub workers: Workers,
}
