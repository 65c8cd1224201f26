//! `POST /token/validate`: validates a user JWT, for hosts that do not have the project's secret.

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use super::rejection::Rejection;
use crate::xsolla::check::check;
use crate::xsolla::exchanges::Call;
use crate::xsolla::{Xsolla, failures};

#[derive(Deserialize)]
pub(super) struct Question {
    token: String,
}

pub(super) async fn validate(
    State(xsolla): State<Xsolla>,
    body: Result<Json<Question>, JsonRejection>,
) -> Response {
    let failure = xsolla.settings().api;
    if let Some(failed) = failures::instead_of_reading(&xsolla, failure).await {
        xsolla.record(Call::Validation, "forced_failure", None);
        return failed;
    }
    let rejection = match body {
        Ok(Json(Question { token })) => match check(&xsolla, &token) {
            Some(persona) => {
                xsolla.record(Call::Validation, "ok", Some(persona));
                return StatusCode::NO_CONTENT.into_response();
            }
            None => Rejection::INVALID_TOKEN,
        },
        Err(rejection) => Rejection::of_body(&rejection),
    };
    xsolla.record(Call::Validation, rejection.code, None);
    rejection.into_response()
}
