//! The switches, the keys and the record over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::exchanges::Exchange;
use super::failures;
use super::settings::{Settings, SettingsChange};
use super::state::Xsolla;
use crate::pages::{JsonOrForm, SameOrigin};

pub(super) async fn read(State(xsolla): State<Xsolla>) -> Json<Settings> {
    Json(xsolla.settings())
}

pub(super) async fn write(
    State(xsolla): State<Xsolla>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    change.respond("/xsolla", |change| xsolla.change(*change))
}

pub(super) async fn rotate_keys(_: SameOrigin, State(xsolla): State<Xsolla>) -> Response {
    match xsolla.rotate_keys() {
        Ok(()) => Redirect::to("/xsolla").into_response(),
        Err(error) => failures::internal(&error),
    }
}

pub(super) async fn exchanges(State(xsolla): State<Xsolla>) -> Json<Vec<Exchange>> {
    Json(xsolla.exchanges())
}
