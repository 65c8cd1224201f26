//! `GET /ferndesk/api/widgets/{id}`: what the widget shows to all visitors.

use axum::extract::{Path, State};
use axum::http::Method;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use tower_http::cors::{Any, CorsLayer};

use super::articles::ARTICLES;
use super::exchanges::Outcome;
use super::state::Ferndesk;

pub(super) fn router() -> Router<Ferndesk> {
    let any_page = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET]);
    Router::new()
        .route("/ferndesk/api/widgets/{id}", get(read))
        .layer(any_page)
}

async fn read(State(ferndesk): State<Ferndesk>, Path(id): Path<String>) -> Response {
    if id != ferndesk.widget_id() {
        return Outcome::UnknownWidget.into_response();
    }
    let help_origin = ferndesk.help_origin();
    let articles = ARTICLES.iter().map(|article| {
        json!({
            "title": article.title,
            "url": format!("{help_origin}/articles/{}", article.slug),
        })
    });
    let body = json!({
        "id": id,
        "helpCenterUrl": help_origin.as_str(),
        "articles": articles.collect::<Vec<Value>>(),
    });
    ([(CACHE_CONTROL, "no-store")], Json(body)).into_response()
}
