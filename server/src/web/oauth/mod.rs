//! The routes of sign-ins through providers, and of the linked accounts of a user.

mod account_choice;
mod browser;
mod callback;
mod connect;
mod finish;
mod linked_accounts;
mod start;

use app::model::{Flow, FormProblem, Problem};
use axum::{
    Router,
    http::{HeaderValue, header::REFERRER_POLICY},
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use crate::{
    http::set_retry_after,
    limits::RateLimited,
    web::{
        AppState,
        http::{HttpError, with_query_param},
        problems,
    },
};

pub use account_choice::offer_account_choice;

/// All routes of sign-ins through providers.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/oauth/{provider}/start", get(start::start))
        .route(
            "/oauth/{provider}/callback",
            get(callback::respond)
                .post(callback::form_answer)
                .layer(map_response(forget_provider)),
        )
        .route("/oauth/{provider}/link", post(linked_accounts::link))
        .route("/finish-account", get(finish::show).post(finish::submit))
        .route("/connect", get(connect::show).post(connect::submit))
        .route(
            "/account/linked-accounts/{id}/remove",
            post(linked_accounts::remove),
        )
}

/// Removes the provider from the referrer. Browsers keep the referrer across redirects, and the login page
/// rejects popups whose referrer is another site.
async fn forget_provider(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// Redirects to the login page, which continues the flow and shows a problem.
fn back_to_login(flow: &Flow, problem: FormProblem) -> Response {
    let login = flow.url("/login");
    Redirect::to(&with_query_param(
        &login,
        "problem",
        problems::word(problem),
    ))
    .into_response()
}

/// The response to a client that has started too many sign-ins.
fn too_many(rate_limited: RateLimited) -> Response {
    let mut response = HttpError::Rejected(Problem::TooManyRequests).into_response();
    set_retry_after(response.headers_mut(), rate_limited.retry_after_seconds());
    response
}
