//! The pages and forms of accounts.

mod account;
mod check_mail;
mod enter;
mod login;
mod logout;
mod notice;
mod port;
mod register;
mod reset;
mod signed_in;
mod verify;
mod viewer;

use axum::{
    Router,
    response::Redirect,
    routing::{get, post},
};

use crate::web::AppState;

pub use check_mail::mail_sent;
pub use enter::enter;
pub use port::RequestAccounts;
pub use viewer::viewer_routes;

/// Pages that need no signed-in user.
pub fn login_routes() -> Router<AppState> {
    Router::new()
        .route("/", get(async || Redirect::to("/account")))
        .route("/login", get(login::show).post(login::submit))
        .route("/signed-in", get(signed_in::show))
        .route("/logout", post(logout::submit))
        .route("/register", get(register::show).post(register::submit))
        .route("/check-mail", get(check_mail::show))
        .route("/verify-email", get(verify::show).post(verify::submit))
        .route(
            "/forgot-password",
            get(reset::show_request).post(reset::submit_request),
        )
        .route(
            "/reset-password",
            get(reset::show_choice).post(reset::submit_choice),
        )
}

/// Pages for signed-in users.
pub fn account_routes() -> Router<AppState> {
    Router::new()
        .route("/account", get(account::show))
        // Password managers look for the page there: <https://w3c.github.io/webappsec-change-password-url/>
        .route(
            "/.well-known/change-password",
            get(async || Redirect::to("/account")),
        )
        .route("/account/profile", post(account::submit_profile))
        .route("/account/password", post(account::submit_password))
}
