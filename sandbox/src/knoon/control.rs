//! The switches over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::Knoon;
use super::exchanges::Exchange;
use super::settings::{Settings, SettingsChange};
use crate::pages::JsonOrForm;

pub(super) async fn read(State(knoon): State<Knoon>) -> Json<Settings> {
    Json(knoon.settings())
}

/// The answer follows the question: JSON gets the new state, a form goes back to the console.
pub(super) async fn write(
    State(knoon): State<Knoon>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    match change {
        JsonOrForm::Json(change) => Json(knoon.change(&change)).into_response(),
        JsonOrForm::Form(change) => {
            knoon.change(&change);
            Redirect::to("/knoon").into_response()
        }
    }
}

pub(super) async fn exchanges(State(knoon): State<Knoon>) -> Json<Vec<Exchange>> {
    Json(knoon.exchanges())
}
