//! The switches over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::exchanges::Exchange;
use super::settings::{Settings, SettingsChange};
use super::state::Knoon;
use crate::pages::JsonOrForm;

pub(super) async fn read(State(knoon): State<Knoon>) -> Json<Settings> {
    Json(knoon.settings())
}

pub(super) async fn write(
    State(knoon): State<Knoon>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    change.respond("/knoon", |change| knoon.change(change))
}

pub(super) async fn exchanges(State(knoon): State<Knoon>) -> Json<Vec<Exchange>> {
    Json(knoon.exchanges())
}
