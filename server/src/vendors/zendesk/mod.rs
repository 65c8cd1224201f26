//! Zendesk: `GET /generate/token` returns a token with which Chat's Web SDK authenticates a visitor,
//! `GET /api/zendesk/messaging-token` one for Messaging. Also looks up Chat's visitors for support staff.

mod config;
mod credential;
mod end_user;
mod rejection;
mod showcase;
mod visitors;

use std::{fmt, sync::Arc};

use app::model::Showcase;
use axum::{Json, Router, extract::State, http::HeaderMap, response::IntoResponse, routing::get};
use serde_json::{Value, json};

use self::{
    config::ZendeskConfig,
    credential::{ChatTokens, MessagingTokens},
    end_user::EndUser,
    rejection::Rejection,
    visitors::Visitors,
};
use super::{
    DemoSite, UpstreamLogins, VendorContext, VendorDefinition, VendorServices, VisitorDirectory,
    access::{Denied, Endpoint},
    links::Links,
    vendor::{Vendor, VendorConfig, configured},
};
use crate::{clock::Clock, limits::MemoryLimiter};

/// The vendor's name in the registry, in stored links, in the metrics and in the audit log.
const NAME: &str = "zendesk";

/// Zendesk, configured. Each of its parts may be off.
pub(super) struct Zendesk {
    chat: Option<ChatTokens>,
    chat_account_key: Option<String>,
    messaging: Option<MessagingTokens>,
    visitors: Option<Arc<Visitors>>,
    links: Links,
    limiter: MemoryLimiter,
    clock: Clock,
}

const CHAT_TOKEN: &str = "/generate/token";
const CHAT_TOKEN_ALIAS: &str = "/api/zendesk/token";
const MESSAGING_TOKEN: &str = "/api/zendesk/messaging-token";

/// Zendesk in the registry.
pub(super) const VENDOR: VendorDefinition = VendorDefinition {
    name: NAME,
    configure: |source, http| configured(ZendeskConfig::from_source(source, http)),
    login_paths: &[],
    readable_paths: &[CHAT_TOKEN, CHAT_TOKEN_ALIAS, MESSAGING_TOKEN],
    off: || Rejection::Denied(Denied::Off).into_response(),
    handoff: None,
    // With these, the widget recognizes the device and the consent given on it, regardless of the user.
    cookies: &["__zlcmid", "__zlcprivacy"],
    storage: &["__zlcstore"],
    showcase_script: include_str!("showcase.js"),
};

impl VendorConfig for ZendeskConfig {
    fn build(&self, context: &VendorContext<'_>) -> anyhow::Result<Arc<dyn Vendor>> {
        let visitors = self.visitors.as_ref().map(Visitors::new).transpose()?;
        let messaging = self.messaging.as_ref().map(MessagingTokens::new);
        Ok(Arc::new(Zendesk {
            chat: self.chat_secret.as_ref().map(ChatTokens::new).transpose()?,
            chat_account_key: self.chat_account_key.clone(),
            messaging: messaging.transpose()?,
            visitors: visitors.map(Arc::new),
            links: Links::of(NAME),
            limiter: context.limiter(),
            clock: context.clock.clone(),
        }))
    }
}

impl Vendor for Zendesk {
    fn self_test(&self) -> anyhow::Result<()> {
        let now = self.clock.now();
        if let Some(chat) = &self.chat {
            chat.self_test(now)?;
        }
        if let Some(messaging) = &self.messaging {
            messaging.self_test(now)?;
        }
        Ok(())
    }

    fn showcase(&self, site: &DemoSite<'_>, logins: &UpstreamLogins) -> Option<Showcase> {
        let has_both = self.chat.is_some() && self.messaging.is_some();
        let account_key = self.chat_account_key.as_deref().filter(|_| has_both)?;
        Some(showcase::showcase(account_key, site, logins))
    }

    fn visitor_directory(&self) -> Option<Arc<dyn VisitorDirectory>> {
        Some(self.visitors.clone()?)
    }

    /// `GET /generate/token`, `GET /api/zendesk/token`, `GET /api/zendesk/messaging-token`.
    fn readable_routes(self: Arc<Self>, services: &VendorServices) -> Router {
        Router::new()
            .route(CHAT_TOKEN, get(chat_token))
            .route(CHAT_TOKEN_ALIAS, get(chat_token))
            .route(MESSAGING_TOKEN, get(messaging_token))
            .with_state(Endpoint::new(self, services))
    }
}

impl fmt::Debug for Zendesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Zendesk")
    }
}

/// Responds with the token in JSON, which pages pass to the callback of `jwt_fn`.
async fn chat_token(
    State(endpoint): State<Endpoint<Zendesk>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Rejection> {
    let Endpoint {
        vendor: zendesk,
        services,
    } = endpoint;
    let chat = zendesk.chat.as_ref().ok_or(Denied::Off)?;
    let user = EndUser::from_request(&headers, &services, &zendesk.limiter).await?;
    let token = chat.token(&user, zendesk.clock.now())?;
    zendesk.record_link(&services, &user).await;
    services.note_use(NAME, user.into_id(), &headers);
    Ok(Json(json!({ "token": token })))
}

async fn messaging_token(
    State(endpoint): State<Endpoint<Zendesk>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Rejection> {
    let Endpoint {
        vendor: zendesk,
        services,
    } = endpoint;
    let messaging = zendesk.messaging.as_ref().ok_or(Denied::Off)?;
    let user = EndUser::from_request(&headers, &services, &zendesk.limiter).await?;
    let token = messaging.token(&user, zendesk.clock.now())?;
    zendesk.record_link(&services, &user).await;
    services.note_use(NAME, user.into_id(), &headers);
    Ok(Json(json!({ "token": token })))
}

impl Zendesk {
    /// Stores which user has which ID at the vendor. An error is only logged, so that the visitor can chat
    /// all the same.
    async fn record_link(&self, services: &VendorServices, user: &EndUser) {
        let database = services.database();
        let now = self.clock.now();
        if let Err(error) = self.links.record(database, &user.link(), now).await {
            tracing::error!(%error, "the link of a visitor cannot be stored");
        }
    }
}

#[cfg(test)]
mod golden;
