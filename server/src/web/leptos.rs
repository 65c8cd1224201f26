//! Mounts the server functions, and passes the user to each call. The only file that uses `leptos_axum`.

use std::sync::Arc;

use app::{accounts::Accounts as AccountsPort, i18n::Locale, model::Problem};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_TYPE, REFERER},
    },
    response::{IntoResponse, Response},
    routing::post,
};
use leptos::{
    prelude::provide_context,
    server_fn::{axum::server_fn_paths, error::SERVER_FN_ERROR_HEADER},
};

use crate::{
    accounts::Accounts,
    web::{AppState, Visitor, accounts::RequestAccounts, http::HttpError},
};

/// The server functions, each at the path that its `endpoint` names.
pub fn routes() -> Router<AppState> {
    let functions = server_fn_paths().filter(|(_, method)| *method == axum::http::Method::POST);
    functions.fold(Router::new(), |router, (path, _)| {
        router.route(path, post(call))
    })
}

async fn call(
    State(accounts): State<Accounts>,
    Visitor(visitor): Visitor,
    mut request: Request<Body>,
) -> Result<Response, HttpError> {
    // Leptos would parse any body as a form.
    if !is_form(request.headers()) {
        return Ok(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
    }
    // If there is a referrer, Leptos redirects a plain form post to it, with the error text in the URL.
    request.headers_mut().remove(REFERER);
    let port: Arc<dyn AccountsPort> = Arc::new(RequestAccounts {
        accounts,
        user: visitor.map(|visitor| visitor.user),
        locale: Locale::default(),
    });
    let provide = move || provide_context(Arc::clone(&port));
    let response = leptos_axum::handle_server_fns_with_context(provide, request)
        .await
        .into_response();
    // Our functions never return errors, so this one means that Leptos could not parse the arguments.
    if response.headers().contains_key(SERVER_FN_ERROR_HEADER) {
        return Err(HttpError::Rejected(Problem::BadRequest));
    }
    Ok(response)
}

/// Whether a body is a form, as our own pages send it.
fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next());
    media_type.is_some_and(|value| {
        value
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}
