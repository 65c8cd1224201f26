//! Pages for administrators, who look up users to support them.

mod visitors;

use axum::{Router, routing::get};

use crate::web::AppState;

/// `GET /admin/visitors`.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/visitors", get(visitors::show))
}
