//! The switches and the keys over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::exchanges::Exchange;
use super::outcome::Outcome;
use super::settings::{Settings, SettingsChange};
use super::state::CloudBase;
use crate::pages::{JsonOrForm, SameOrigin};

pub(super) async fn read(State(cloudbase): State<CloudBase>) -> Json<Settings> {
    Json(cloudbase.settings())
}

pub(super) async fn write(
    State(cloudbase): State<CloudBase>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    change.respond("/cloudbase", |change| cloudbase.change(change))
}

pub(super) async fn rotate(_: SameOrigin, State(cloudbase): State<CloudBase>) -> Response {
    match cloudbase.rotate() {
        Ok(()) => Redirect::to("/cloudbase").into_response(),
        Err(error) => {
            tracing::error!("{error:#}");
            Outcome::InternalError.into_response()
        }
    }
}

pub(super) async fn exchanges(State(cloudbase): State<CloudBase>) -> Json<Vec<Exchange>> {
    Json(cloudbase.exchanges())
}
