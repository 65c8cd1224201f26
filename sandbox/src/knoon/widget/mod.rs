//! `GET /knoon/chatbox.js`: the chat box that a customer's page embeds. Each script tag starts one.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;

use super::state::Knoon;
use crate::widgets::{script, serve};

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let parts = concat!(
        include_str!("credential.js"),
        include_str!("sign_in.js"),
        include_str!("elements.js"),
        include_str!("conversation.js"),
        include_str!("account.js"),
        include_str!("chatbox.js"),
    );
    script(include_str!("chatbox.css"), parts)
});

pub(super) fn router() -> Router<Knoon> {
    Router::new().route("/knoon/chatbox.js", get(async || serve(&SCRIPT)))
}
