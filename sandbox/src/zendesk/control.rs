//! The switches, visitors and secrets over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::exchanges::Exchange;
use super::messaging::users::MessagingUser;
use super::rejection::Rejection;
use super::settings::{Settings, SettingsChange};
use super::state::Zendesk;
use super::visitors::directory::Visitor;
use crate::pages::{JsonOrForm, SameOrigin};

pub(super) async fn read(State(zendesk): State<Zendesk>) -> Json<Settings> {
    Json(zendesk.settings())
}

pub(super) async fn write(
    State(zendesk): State<Zendesk>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    change.respond("/zendesk", |change| zendesk.change(change))
}

pub(super) async fn exchanges(State(zendesk): State<Zendesk>) -> Json<Vec<Exchange>> {
    Json(zendesk.exchanges())
}

pub(super) async fn visitors(State(zendesk): State<Zendesk>) -> Json<Vec<Visitor>> {
    Json(zendesk.visitors())
}

pub(super) async fn users(State(zendesk): State<Zendesk>) -> Json<Vec<MessagingUser>> {
    Json(zendesk.messaging_users())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ban {
    id: String,
    banned: bool,
}

/// Bans or unbans a visitor.
pub(super) async fn ban(State(zendesk): State<Zendesk>, change: JsonOrForm<Ban>) -> Response {
    let (JsonOrForm::Json(ban) | JsonOrForm::Form(ban)) = &change;
    if !zendesk.set_banned(&ban.id, ban.banned) {
        return (StatusCode::NOT_FOUND, "There is no such visitor.").into_response();
    }
    match change {
        JsonOrForm::Json(_) => StatusCode::NO_CONTENT.into_response(),
        JsonOrForm::Form(_) => to_console(),
    }
}

/// Replaces the secret. The new one is not shown, so every host is refused until the old one is restored.
pub(super) async fn regenerate_secret(_: SameOrigin, State(zendesk): State<Zendesk>) -> Response {
    match zendesk.regenerate_secret() {
        Ok(_) => to_console(),
        Err(error) => {
            let rejection = Rejection::internal(&error);
            (rejection.status, rejection.message).into_response()
        }
    }
}

pub(super) async fn restore_secret(_: SameOrigin, State(zendesk): State<Zendesk>) -> Response {
    zendesk.restore_secret();
    to_console()
}

fn to_console() -> Response {
    Redirect::to("/zendesk").into_response()
}
