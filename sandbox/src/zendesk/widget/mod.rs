//! `GET /zendesk/web-sdk.js` and `GET /zendesk/messaging.js`: what customers' pages embed.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;

use super::state::Zendesk;
use crate::widgets::{script, serve};

/// The beginning of both scripts.
const SHARED: &str = concat!(
    include_str!("elements.js"),
    include_str!("conversation.js"),
    include_str!("panel.js"),
);

/// Defines `zChat`.
static WEB_SDK: LazyLock<String> = LazyLock::new(|| {
    with_shared(concat!(
        include_str!("device.js"),
        include_str!("identity.js"),
        include_str!("zchat.js"),
        include_str!("chat.js"),
    ))
});

/// Defines `zE`.
static MESSAGING: LazyLock<String> = LazyLock::new(|| with_shared(include_str!("messenger.js")));

fn with_shared(parts: &str) -> String {
    script(include_str!("widget.css"), &format!("{SHARED}{parts}"))
}

pub(super) fn router() -> Router<Zendesk> {
    Router::new()
        .route("/zendesk/web-sdk.js", get(async || serve(&WEB_SDK)))
        .route("/zendesk/messaging.js", get(async || serve(&MESSAGING)))
}
