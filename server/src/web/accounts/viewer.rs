//! `GET /api/viewer`: tells pages who is signed in, so that they can reset widgets when the user changes.

use axum::{Json, Router, routing::get};
use serde::Serialize;

use crate::web::{AppState, SignedIn, http::HttpError};

/// `GET /api/viewer`: an object with `uid` and `displayName`, or `null` if no user is signed in. That has the
/// status 200, since browsers would log any other as an error.
pub fn viewer_routes() -> Router<AppState> {
    Router::new().route("/api/viewer", get(viewer))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Viewer {
    uid: String,
    display_name: String,
}

async fn viewer(user: Result<SignedIn, HttpError>) -> Result<Json<Option<Viewer>>, HttpError> {
    let SignedIn(user) = user?;
    Ok(Json(user.map(|user| Viewer {
        uid: user.id,
        display_name: user.display_name,
    })))
}
