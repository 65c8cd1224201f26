//! `GET` and `POST /verify-email`: the link of the first mail. Only the click on its page uses it up.

use app::model::{Page, ProviderAccount, VerifyEmail};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    accounts::{Accounts, ConfirmEmailError},
    http::{HttpError, ReadForm, ReadQuery},
    oauth::OAuth,
    render::Pages,
};

/// The token of a link.
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
    // Whoever owns the address may not be who has asked: they have to see whom they would let in.
    let opened_by = registration.identity.map(|identity| ProviderAccount {
        provider: oauth.label(&identity.provider),
        label: identity.label().unwrap_or(&identity.subject).to_owned(),
    });
    let page = VerifyEmail::Confirm { token, opened_by };
    Ok(pages.respond(StatusCode::OK, Page::VerifyEmail(page)))
}

pub(super) async fn submit(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    ReadForm(Token { token }): ReadForm<Token>,
) -> Result<Response, HttpError> {
    match accounts.confirm_email(&token).await {
        Ok(()) => Ok(Redirect::to("/login?notice=email-confirmed").into_response()),
        Err(ConfirmEmailError::Gone) => Ok(gone(&pages)),
        Err(ConfirmEmailError::Storage(error)) => Err(error.into()),
    }
}

fn gone(pages: &Pages) -> Response {
    pages.respond(StatusCode::GONE, Page::VerifyEmail(VerifyEmail::Gone))
}
