//! `GET` and `POST /verify-email`: the link in the mail that verifies an address. Only `POST` consumes it.

use app::model::{Page, VerifyEmail};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    accounts::{Accounts, ConfirmEmailError},
    oauth::OAuth,
    web::{
        FormSender, Pages,
        http::{HttpError, ReadForm, ReadQuery, with_query_param},
    },
};

/// The token in a link.
#[derive(Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    token: String,
}

pub(super) async fn show(
    State(accounts): State<Accounts>,
    State(oauth): State<OAuth>,
    State(pages): State<Pages>,
    ReadQuery(Token { token }): ReadQuery<Token>,
) -> Result<Response, HttpError> {
    let Some(registration) = accounts.registration_to_confirm(&token).await? else {
        return Ok(gone(&pages));
    };
    // The owner of the address may not be the one who registered it. Names and addresses from the provider
    // are unverified, so they are not shown.
    let provider = registration.identity;
    let provider = provider.map(|identity| oauth.label(&identity.provider));
    let page = VerifyEmail::Confirm { token, provider };
    Ok(pages.respond(StatusCode::OK, Page::VerifyEmail(page)))
}

pub(super) async fn submit(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    sender: FormSender,
    ReadForm(Token { token }): ReadForm<Token>,
) -> Result<Response, HttpError> {
    match accounts.confirm_email(&token).await {
        Ok(()) => Ok(Redirect::to("/login?notice=email-verified").into_response()),
        Err(ConfirmEmailError::Gone) => Ok(match sender {
            FormSender::Page => {
                let url = with_query_param("/verify-email", "token", &token);
                Redirect::to(&url).into_response()
            }
            FormSender::Script => gone(&pages),
        }),
        Err(ConfirmEmailError::Storage(error)) => Err(error.into()),
    }
}

fn gone(pages: &Pages) -> Response {
    pages.respond(StatusCode::GONE, Page::VerifyEmail(VerifyEmail::Gone))
}
