//! `GET /api/viewer`: tells pages of the site who is signed in, so that they can drop the widgets of somebody else.

use axum::{
    Json, Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;

use crate::{accounts::Visitor, http::HttpError, state::AppState};

/// `GET /api/viewer`: 200 with `uid` and `displayName`, or 401.
pub fn viewer_routes() -> Router<AppState> {
    Router::new().route("/api/viewer", get(viewer))
}

async fn viewer(visitor: Result<Visitor, HttpError>) -> Result<Response, HttpError> {
    let Visitor(visitor) = visitor?;
    Ok(match visitor {
        Some(visitor) => {
            let user = visitor.user;
            Json(json!({ "uid": user.id, "displayName": user.display_name })).into_response()
        }
        None => {
            let body = json!({ "error": "Not authenticated" });
            (StatusCode::UNAUTHORIZED, Json(body)).into_response()
        }
    })
}
