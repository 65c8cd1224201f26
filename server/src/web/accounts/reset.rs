//! `/forgot-password`, which sends a mail with a link, and `/reset-password`, to which the link leads.

use app::model::{CheckMail, ForgotPassword, MailPurpose, Page, ResetPassword};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::answer::{form_problem, with_retry_after};
use crate::{
    accounts::{Accounts, Email, ResetPasswordError},
    handoff::{FlowParams, Handoffs},
    web::{
        Pages,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show_request(
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    let page = ForgotPassword {
        flow,
        ..ForgotPassword::default()
    };
    Ok(pages.respond(StatusCode::OK, Page::ForgotPassword(page)))
}

#[derive(Deserialize)]
pub(super) struct RequestForm {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(default)]
    email: String,
}

pub(super) async fn submit_request(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    ClientAddress(client): ClientAddress,
    ReadForm(form): ReadForm<RequestForm>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&form.flow).await?;
    let mut page = ForgotPassword {
        flow,
        email: form.email,
        ..ForgotPassword::default()
    };
    let email = match Email::parse(&page.email) {
        Ok(email) => email,
        Err(problem) => {
            page.email_problem = Some(problem);
            return Ok(pages.respond(StatusCode::UNPROCESSABLE_ENTITY, Page::ForgotPassword(page)));
        }
    };
    if let Err(error) = accounts.request_password_reset(&email, client).await {
        let (status, problem) = form_problem(error)?;
        page.problem = Some(problem);
        return Ok(with_retry_after(
            pages.respond(status, Page::ForgotPassword(page)),
            Some(problem),
        ));
    }
    let page = CheckMail {
        flow: page.flow,
        email: email.as_str().to_owned(),
        purpose: MailPurpose::ResetPassword,
    };
    Ok(pages.respond(StatusCode::OK, Page::CheckMail(page)))
}

#[derive(Deserialize)]
pub(super) struct ChoiceForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    new_password: SecretString,
}

pub(super) async fn show_choice(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    ReadQuery(ChoiceForm { token, .. }): ReadQuery<ChoiceForm>,
) -> Result<Response, HttpError> {
    let Some(user) = accounts.user_of_reset(&token).await? else {
        return Ok(gone(&pages));
    };
    let page = ResetPassword::Choose {
        token,
        email: user.email,
        password_problem: None,
        problem: None,
    };
    Ok(pages.respond(StatusCode::OK, Page::ResetPassword(page)))
}

pub(super) async fn submit_choice(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    ReadForm(ChoiceForm {
        token,
        new_password,
    }): ReadForm<ChoiceForm>,
) -> Result<Response, HttpError> {
    let (status, password_problem, problem) =
        match accounts.reset_password(&token, &new_password).await {
            Ok(()) => return Ok(Redirect::to("/login?notice=password-reset").into_response()),
            Err(ResetPasswordError::Gone) => return Ok(gone(&pages)),
            Err(ResetPasswordError::Password(problem)) => {
                (StatusCode::UNPROCESSABLE_ENTITY, Some(problem), None)
            }
            Err(ResetPasswordError::Service(error)) => {
                let (status, problem) = form_problem(error)?;
                (status, None, Some(problem))
            }
        };
    let Some(user) = accounts.user_of_reset(&token).await? else {
        return Ok(gone(&pages));
    };
    let page = ResetPassword::Choose {
        token,
        email: user.email,
        password_problem,
        problem,
    };
    Ok(with_retry_after(
        pages.respond(status, Page::ResetPassword(page)),
        problem,
    ))
}

fn gone(pages: &Pages) -> Response {
    pages.respond(StatusCode::GONE, Page::ResetPassword(ResetPassword::Gone))
}
