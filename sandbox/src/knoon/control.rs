//! The switches over HTTP: JSON for tests, plain forms for the console.

use axum::extract::{FromRequest, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};

use super::Knoon;
use super::exchanges::Exchange;
use super::settings::{Settings, SettingsChange};
use crate::pages::SameOrigin;

pub(super) async fn read(State(knoon): State<Knoon>) -> Json<Settings> {
    Json(knoon.settings())
}

/// A change in either of its two encodings. The answer follows the question: JSON gets the new
/// state, a form goes back to the console.
pub(super) async fn write(
    _: SameOrigin,
    State(knoon): State<Knoon>,
    request: Request,
) -> Result<Response, Response> {
    let content_type = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    match content_type
        .and_then(|value| value.split(';').next())
        .map(str::trim)
    {
        Some("application/json") => {
            let Json(change) = read_body::<Json<SettingsChange>>(request).await?;
            Ok(Json(knoon.change(&change)).into_response())
        }
        Some("application/x-www-form-urlencoded") => {
            let Form(change) = read_body::<Form<SettingsChange>>(request).await?;
            knoon.change(&change);
            Ok(Redirect::to("/knoon").into_response())
        }
        _ => Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON or a form.").into_response()),
    }
}

pub(super) async fn exchanges(State(knoon): State<Knoon>) -> Json<Vec<Exchange>> {
    Json(knoon.exchanges())
}

async fn read_body<T>(request: Request) -> Result<T, Response>
where
    T: FromRequest<(), Rejection: IntoResponse>,
{
    T::from_request(request, &())
        .await
        .map_err(IntoResponse::into_response)
}
