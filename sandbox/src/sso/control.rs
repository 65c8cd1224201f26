//! The switches, the keys and the log over HTTP: JSON for tests, plain forms for the console.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::failures;
use super::log::Log;
use super::settings::{Settings, SettingsChange};
use super::state::Sso;
use crate::pages::{JsonOrForm, SameOrigin};

pub(super) async fn read(State(sso): State<Sso>) -> Json<Settings> {
    Json(sso.settings())
}

pub(super) async fn write(State(sso): State<Sso>, change: JsonOrForm<SettingsChange>) -> Response {
    change.respond("/sso", |change| sso.change(*change))
}

pub(super) async fn rotate_keys(_: SameOrigin, State(sso): State<Sso>) -> Response {
    match sso.rotate_keys() {
        Ok(()) => Redirect::to("/sso").into_response(),
        Err(error) => failures::internal(&error),
    }
}

pub(super) async fn log(State(sso): State<Sso>) -> Json<Log> {
    Json(sso.log())
}

pub(super) async fn clear_log(_: SameOrigin, State(sso): State<Sso>) -> StatusCode {
    sso.clear_log();
    StatusCode::NO_CONTENT
}
