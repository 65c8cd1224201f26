//! Zendesk: `GET /generate/token` gives the token with which Chat's Web SDK authenticates a visitor,
//! `GET /api/zendesk/messaging-token` the one of Messaging. Support staff find a visitor's account here.

mod caller;
mod config;
mod credential;
mod refusal;
mod showcase;
mod visitors;

use std::{fmt, sync::Arc};

use app::model::Showcase;
use axum::{Json, Router, extract::State, http::HeaderMap, routing::get};
use serde_json::{Value, json};

use self::{
    caller::EndUser,
    config::ZendeskConfig,
    credential::{ChatTokens, MessagingTokens},
    refusal::Refusal,
    visitors::Visitors,
};
use super::{
    Place, Surroundings, UpstreamLogins, VisitorDirectory,
    access::{Denied, Registered},
    links::Links,
    vendor::Vendor,
};
use crate::{
    clock::Clock,
    config::{HttpConfig, Source},
    limits::MemoryLimiter,
    state::AppState,
};

/// Our name of the vendor where links are stored.
const NAME: &str = "zendesk";

/// Zendesk, configured: each of its parts may be off.
pub(super) struct Zendesk {
    chat: Option<ChatTokens>,
    chat_account_key: Option<String>,
    messaging: Option<MessagingTokens>,
    visitors: Option<Arc<Visitors>>,
    links: Links,
    limiter: MemoryLimiter,
    clock: Clock,
}

impl Vendor for Zendesk {
    type Config = ZendeskConfig;

    /// By which the widget knows the device, whoever has used it last, and what they have agreed to.
    const COOKIES: &'static [&'static str] = &["__zlcmid", "__zlcprivacy"];

    const STORAGE: &'static [&'static str] = &["__zlcstore"];

    const SHOWCASE_SCRIPT: &'static str = include_str!("showcase.js");

    fn config(source: &Source, http: &HttpConfig) -> Option<ZendeskConfig> {
        ZendeskConfig::from_source(source, http)
    }

    fn new(config: &ZendeskConfig, surroundings: &Surroundings<'_>) -> anyhow::Result<Self> {
        let visitors = config.visitors.as_ref().map(Visitors::new).transpose()?;
        Ok(Self {
            chat: config.chat_secret.as_ref().map(ChatTokens::new),
            chat_account_key: config.chat_account_key.clone(),
            messaging: config.messaging.as_ref().map(MessagingTokens::new),
            visitors: visitors.map(Arc::new),
            links: Links::of(NAME),
            limiter: surroundings.limiter(),
            clock: surroundings.clock.clone(),
        })
    }

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

    fn showcase(&self, place: &Place<'_>, logins: &UpstreamLogins) -> Option<Showcase> {
        let has_both = self.chat.is_some() && self.messaging.is_some();
        let account_key = self.chat_account_key.as_deref().filter(|_| has_both)?;
        Some(showcase::showcase(account_key, place, logins))
    }

    fn visitor_directory(self: Arc<Self>) -> Option<Arc<dyn VisitorDirectory>> {
        Some(self.visitors.clone()?)
    }

    /// `GET /generate/token`, `GET /api/zendesk/token`, `GET /api/zendesk/messaging-token`.
    fn readable_routes() -> Router<AppState> {
        Router::new()
            .route("/generate/token", get(chat_token))
            .route("/api/zendesk/token", get(chat_token))
            .route("/api/zendesk/messaging-token", get(messaging_token))
    }
}

impl fmt::Debug for Zendesk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Zendesk")
    }
}

/// The token in JSON, as pages read it for `jwt_fn`.
async fn chat_token(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let zendesk = vendor(&state)?;
    let chat = zendesk.chat.as_ref().ok_or(Denied::Off)?;
    let user = EndUser::who_asks(&headers, &state, &zendesk.limiter).await?;
    let token = chat.token(&user, zendesk.clock.now())?;
    zendesk.note(&state, &user).await;
    Ok(Json(json!({ "token": token })))
}

async fn messaging_token(
    State(state): State<AppState>,
    headers: HeaderMap,
) -> Result<Json<Value>, Refusal> {
    let zendesk = vendor(&state)?;
    let messaging = zendesk.messaging.as_ref().ok_or(Denied::Off)?;
    let user = EndUser::who_asks(&headers, &state, &zendesk.limiter).await?;
    let token = messaging.token(&user, zendesk.clock.now())?;
    zendesk.note(&state, &user).await;
    Ok(Json(json!({ "token": token })))
}

fn vendor(state: &AppState) -> Result<Arc<Zendesk>, Denied> {
    Zendesk::of(&state.vendors).ok_or(Denied::Off)
}

impl Zendesk {
    /// Remembers who the vendor knows under which id. The visitor may chat even if that fails.
    async fn note(&self, state: &AppState, user: &EndUser) {
        let database = &state.accounts.database;
        let now = self.clock.now();
        if let Err(error) = self.links.note(database, &user.link(), now).await {
            tracing::error!(%error, "the link of a visitor cannot be stored");
        }
    }
}

#[cfg(test)]
mod golden;
