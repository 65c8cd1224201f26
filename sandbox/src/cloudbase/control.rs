//! The switches and the keys over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::CloudBase;
use super::exchanges::Exchange;
use super::outcome::Outcome;
use super::settings::{Settings, SettingsChange};
use crate::pages::{JsonOrForm, SameOrigin};

pub(super) async fn read(State(cloudbase): State<CloudBase>) -> Json<Settings> {
    Json(cloudbase.settings())
}

/// The answer follows the question: JSON gets the new state, a form goes back to the console.
pub(super) async fn write(
    State(cloudbase): State<CloudBase>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    match change {
        JsonOrForm::Json(change) => Json(cloudbase.change(&change)).into_response(),
        JsonOrForm::Form(change) => {
            cloudbase.change(&change);
            Redirect::to("/cloudbase").into_response()
        }
    }
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
