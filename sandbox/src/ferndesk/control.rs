//! The switches over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::Ferndesk;
use super::analytics::IdentifiedSession;
use super::exchanges::Exchange;
use super::settings::{Settings, SettingsChange};
use crate::pages::JsonOrForm;

pub(super) async fn read(State(ferndesk): State<Ferndesk>) -> Json<Settings> {
    Json(ferndesk.settings())
}

/// The answer follows the question: JSON gets the new state, a form goes back to the console.
pub(super) async fn write(
    State(ferndesk): State<Ferndesk>,
    change: JsonOrForm<SettingsChange>,
) -> Response {
    match change {
        JsonOrForm::Json(change) => Json(ferndesk.change(&change)).into_response(),
        JsonOrForm::Form(change) => {
            ferndesk.change(&change);
            Redirect::to("/ferndesk").into_response()
        }
    }
}

pub(super) async fn exchanges(State(ferndesk): State<Ferndesk>) -> Json<Vec<Exchange>> {
    Json(ferndesk.exchanges())
}

pub(super) async fn analytics(State(ferndesk): State<Ferndesk>) -> Json<Vec<IdentifiedSession>> {
    Json(ferndesk.identified())
}
