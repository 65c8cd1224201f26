//! A change in either of its two encodings: JSON from tests, a plain form from a console.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Form, Json};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::form_origin::SameOrigin;
use crate::headers::announces;

/// A change and the encoding in which it came. Requests from other sites are refused.
pub(crate) enum JsonOrForm<T> {
    Json(T),
    Form(T),
}

impl<T> JsonOrForm<T> {
    /// Makes the change and responds in the same encoding: JSON with what `make` returns, a form with a redirect
    /// to `console`.
    pub(crate) fn respond<R: Serialize>(
        self,
        console: &str,
        make: impl FnOnce(&T) -> R,
    ) -> Response {
        match self {
            Self::Json(change) => Json(make(&change)).into_response(),
            Self::Form(change) => {
                make(&change);
                Redirect::to(console).into_response()
            }
        }
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonOrForm<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let refused = IntoResponse::into_response;
        SameOrigin::from_request_parts(&mut parts, state)
            .await
            .map_err(refused)?;
        let is_json = announces(&parts.headers, "application/json");
        let is_form = announces(&parts.headers, "application/x-www-form-urlencoded");
        let request = Request::from_parts(parts, body);
        if is_json {
            let json = Json::from_request(request, state).await;
            return json
                .map(|Json(change)| Self::Json(change))
                .map_err(IntoResponse::into_response);
        }
        if is_form {
            let form = Form::from_request(request, state).await;
            return form
                .map(|Form(change)| Self::Form(change))
                .map_err(IntoResponse::into_response);
        }
        Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "Send JSON or a form.").into_response())
    }
}
