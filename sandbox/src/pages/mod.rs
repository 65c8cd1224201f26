//! What all HTML pages share: layout, navigation, style sheet and headers.

mod document;
mod form_origin;
mod json_or_form;
mod navigation;
pub(crate) mod parts;

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::{Markup, html};

pub(crate) use document::Document;
pub(crate) use form_origin::SameOrigin;
pub(crate) use json_or_form::JsonOrForm;
pub(crate) use navigation::{Navigation, Section};

/// The style sheet that every page loads.
pub(crate) fn router() -> Router {
    Router::new().route("/assets/sandbox.css", get(async || stylesheet()))
}

/// The page for unknown paths.
pub(crate) async fn not_found(navigation: Navigation) -> Response {
    let body = html! {
        p.lead { "The sandbox has no page at this address." }
        p { a.button href="/" { "Back to the overview" } }
    };
    (
        StatusCode::NOT_FOUND,
        navigation.document("Page not found", Section::OVERVIEW, body),
    )
        .into_response()
}

fn stylesheet() -> Response {
    asset("text/css; charset=utf-8", include_str!("sandbox.css"))
}

/// A time such as `2026-01-31T12:00:00Z`, for people.
pub(crate) fn moment(iso: &str) -> Markup {
    html! { time datetime=(iso) { (iso.replace('T', " ").replace('Z', " UTC")) } }
}

/// A file of the sandbox itself. Not cached, because a rebuilt sandbox serves it at the same URL.
pub(crate) fn asset(content_type: &'static str, text: &'static str) -> Response {
    (
        [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")],
        text,
    )
        .into_response()
}
