//! The switches over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::analytics::IdentifiedSession;
use super::exchanges::Exchange;
use super::settings::{Settings, SettingsChange};
use super::state::Ferndesk;
use crate::pages::JsonOrForm;

pub(super) async fn read(State(ferndesk): State<Ferndesk>) -> Json<Settings> {
    Json(ferndesk.settings())
}

pub(super) async fn write(
    State(ferndesk): State<Ferndesk>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    change.respond("/ferndesk", |change| ferndesk.change(change))
}

pub(super) async fn exchanges(State(ferndesk): State<Ferndesk>) -> Json<Vec<Exchange>> {
    Json(ferndesk.exchanges())
}

pub(super) async fn analytics(State(ferndesk): State<Ferndesk>) -> Json<Vec<IdentifiedSession>> {
    Json(ferndesk.identified())
}
