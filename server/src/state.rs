//! What handlers are given. Each asks for the part it uses.

use std::{ops::Deref, sync::Arc};

use axum::extract::FromRef;

use crate::{
    accounts::Accounts, clock::Clock, handoff::Handoffs, http::TrustedProxies, oauth::OAuth,
    render::Pages, session, site::SiteSettings, vendors::Vendors,
};

/// Handles to everything. It is one pointer, since axum clones it more than once for every request.
#[derive(Clone, Debug)]
pub struct AppState(Arc<Handles>);

macro_rules! handles {
    ($($name:ident: $handle:ty,)+) => {
        /// What the state points to.
        #[derive(Debug)]
        pub struct Handles {
            $( pub $name: $handle, )+
        }

        $(impl FromRef<AppState> for $handle {
            fn from_ref(state: &AppState) -> Self {
                state.$name.clone()
            }
        })+
    };
}

handles! {
    accounts: Accounts,
    clock: Clock,
    handoffs: Handoffs,
    oauth: OAuth,
    pages: Pages,
    proxies: TrustedProxies,
    sessions: session::Store,
    site: SiteSettings,
    vendors: Vendors,
}

impl From<Handles> for AppState {
    fn from(handles: Handles) -> Self {
        Self(Arc::new(handles))
    }
}

impl Deref for AppState {
    type Target = Handles;

    fn deref(&self) -> &Handles {
        &self.0
    }
}
