//! Mounts the server functions, and passes the user to each call. The only file that uses `leptos_axum`.

use std::sync::Arc;

use app::{accounts::Accounts as AccountsPort, i18n::Locale, model::Problem};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::header::REFERER,
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
