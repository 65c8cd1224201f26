//! `GET /ferndesk/sdk.js`: the script behind the vendor's loader.

use std::sync::LazyLock;

use axum::Router;
use axum::routing::get;

use super::state::Ferndesk;
use crate::widgets::{script, serve};

static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let parts = concat!(
        include_str!("elements.js"),
        include_str!("api.js"),
        include_str!("contact.js"),
        include_str!("views.js"),
        include_str!("panel.js"),
        include_str!("sdk.js"),
    );
    script(include_str!("sdk.css"), parts)
});

pub(super) fn router() -> Router<Ferndesk> {
    Router::new().route("/ferndesk/sdk.js", get(async || serve(&SCRIPT)))
}
