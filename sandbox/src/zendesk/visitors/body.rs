//! The request bodies with which hosts create and update visitors.

use axum::body;
use axum::extract::Request;
use serde::Deserialize;

use crate::body::MAX_BODY;
use crate::zendesk::rejection::{Rejection, check_content_type};

/// The fields to set. Only Zendesk sets `id`, `created` and `external_id`, so they are refused. `notes` is
/// allowed: the API's reference calls it read-only, but sends it in an example.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitorChange {
    pub(super) name: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) notes: Option<String>,
    pub(super) banned: Option<bool>,
}

impl VisitorChange {
    /// # Errors
    /// 413, 415, or 400 `invalid_request` for other fields or types.
    pub(super) async fn read(request: Request) -> Result<Self, Rejection> {
        check_content_type(request.headers(), "application/json")?;
        let body = body::to_bytes(request.into_body(), MAX_BODY).await;
        let body = body.map_err(|_| Rejection::body_too_large())?;
        serde_json::from_slice(&body)
            .map_err(|error| Rejection::bad_request("invalid_request", format!("{error}.")))
    }
}
