//! Extractors that parse forms and queries strictly.

use app::model::Problem;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;

use super::HttpError;

/// Extracts a submitted form. Unknown fields are ignored. Duplicate fields, other content types and bytes
/// that are not UTF-8 are rejected.
pub struct ReadForm<T>(pub T);

impl<S, T> FromRequest<S> for ReadForm<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let kind = request
            .headers()
            .get(CONTENT_TYPE)
            .map_or(&b""[..], |kind| kind.as_bytes());
        let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default();
        if !kind
            .trim_ascii()
            .eq_ignore_ascii_case(b"application/x-www-form-urlencoded")
        {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let bad_request = || HttpError::Rejected(Problem::BadRequest).into_response();
        if !is_utf8(&body) {
            return Err(bad_request());
        }
        serde_urlencoded::from_bytes(&body)
            .map(Self)
            .map_err(|_| bad_request())
    }
}

/// Extracts the query of a request, equally strictly.
pub struct ReadQuery<T>(pub T);

impl<S, T> FromRequestParts<S> for ReadQuery<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, HttpError> {
        let query = parts.uri.query().unwrap_or_default();
        let value = Some(query).filter(|query| is_utf8(query.as_bytes()));
        let value = value.and_then(|query| serde_urlencoded::from_str(query).ok());
        value
            .map(Self)
            .ok_or(HttpError::Rejected(Problem::BadRequest))
    }
}

/// Whether a form is UTF-8 after percent-decoding. The form parser would replace invalid bytes.
fn is_utf8(body: &[u8]) -> bool {
    percent_encoding::percent_decode(body).decode_utf8().is_ok()
}
