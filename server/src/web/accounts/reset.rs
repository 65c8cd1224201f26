//! `/forgot-password`, which sends a mail with a link, and `/reset-password`, to which the link leads.

use app::model::{Flow, ForgotPassword, MailPurpose, Page, ResetPassword};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::check_mail::mail_sent;
use crate::{
    accounts::{Accounts, Email, ResetPasswordError},
    handoff::{FlowParams, Handoffs},
    web::{
        Flash, FormSender, Outcome, Pages,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery, with_query_param},
    },
};

pub(super) async fn show_request(
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    flash: Flash,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    Ok(pages.respond(StatusCode::OK, request_page(flow, &flash)))
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
    sender: FormSender,
    ReadForm(form): ReadForm<RequestForm>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&form.flow).await?;
    let outcome = match Email::parse(&form.email) {
        Ok(email) => match accounts.request_password_reset(&email, client).await {
            Ok(()) => {
                return Ok(mail_sent(
                    sender,
                    flow,
                    MailPurpose::ResetPassword,
                    &email,
                    &pages,
                ));
            }
            Err(error) => Outcome::of_service(error)?,
        },
        Err(problem) => Outcome::rejected_fields([("email", Some(problem))]),
    };
    let outcome = outcome.with_value("email", &form.email);
    let url = flow.url("/forgot-password");
    Ok(sender.respond(outcome, &url, &pages, |flash| request_page(flow, flash)))
}

fn request_page(flow: Flow, flash: &Flash) -> Page {
    Page::ForgotPassword(ForgotPassword {
        flow,
        email: flash.value("email").unwrap_or_default(),
        email_problem: flash.problem_of("email"),
        problem: flash.problem(),
    })
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
    flash: Flash,
    ReadQuery(ChoiceForm { token, .. }): ReadQuery<ChoiceForm>,
) -> Result<Response, HttpError> {
    let Some(user) = accounts.user_of_reset(&token).await? else {
        return Ok(gone(&pages));
    };
    Ok(pages.respond(StatusCode::OK, choice_page(token, user.email, &flash)))
}

pub(super) async fn submit_choice(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    sender: FormSender,
    ReadForm(ChoiceForm {
        token,
        new_password,
    }): ReadForm<ChoiceForm>,
) -> Result<Response, HttpError> {
    let url = with_query_param("/reset-password", "token", &token);
    let gone_after = || match sender {
        FormSender::Page => Redirect::to(&url).into_response(),
        FormSender::Script => gone(&pages),
    };
    let outcome = match accounts.reset_password(&token, &new_password).await {
        Ok(()) => return Ok(Redirect::to("/login?notice=password-reset").into_response()),
        Err(ResetPasswordError::Gone) => return Ok(gone_after()),
        Err(ResetPasswordError::Password(problem)) => {
            Outcome::rejected_fields([("new_password", Some(problem))])
        }
        Err(ResetPasswordError::Service(error)) => Outcome::of_service(error)?,
    };
    let Some(user) = accounts.user_of_reset(&token).await? else {
        return Ok(gone_after());
    };
    Ok(sender.respond(outcome, &url, &pages, |flash| {
        choice_page(token, user.email, flash)
    }))
}

fn choice_page(token: String, email: String, flash: &Flash) -> Page {
    Page::ResetPassword(ResetPassword::Choose {
        token,
        email,
        password_problem: flash.problem_of("new_password"),
        problem: flash.problem(),
    })
}

fn gone(pages: &Pages) -> Response {
    pages.respond(StatusCode::GONE, Page::ResetPassword(ResetPassword::Gone))
}
