//! `GET` and `POST /register`.

use app::model::{Flow, MailPurpose, Page, Problem, Register};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::check_mail::mail_sent;
use crate::{
    accounts::{Accounts, RegisterError, Registration},
    handoff::{FlowParams, Handoffs},
    random,
    web::{
        Flash, FormSender, Outcome, Pages, Visitor,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    Visitor(visitor): Visitor,
    flash: Flash,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    reject_if_closed(&accounts)?;
    let (flow, _) = handoffs.flow(&params).await?;
    if visitor.is_some() {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    }
    Ok(pages.respond(StatusCode::OK, page(flow, &flash)))
}

#[derive(Deserialize)]
pub(super) struct RegisterForm {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(default)]
    email: String,
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    attempt: String,
}

pub(super) async fn submit(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    ClientAddress(client): ClientAddress,
    sender: FormSender,
    ReadForm(form): ReadForm<RegisterForm>,
) -> Result<Response, HttpError> {
    reject_if_closed(&accounts)?;
    let (flow, _) = handoffs.flow(&form.flow).await?;
    let registration = Registration {
        email: &form.email,
        display_name: &form.display_name,
        password: &form.password,
        attempt: &form.attempt,
    };
    let outcome = match accounts.register(registration, client).await {
        Ok(email) => {
            return Ok(mail_sent(
                sender,
                flow,
                MailPurpose::ConfirmEmail,
                &email,
                &pages,
            ));
        }
        Err(RegisterError::Fields(problems)) => Outcome::rejected_fields([
            ("email", problems.email),
            ("display_name", problems.display_name),
            ("password", problems.password),
        ]),
        Err(RegisterError::Service(error)) => Outcome::of_service(error)?,
    };
    let outcome = outcome
        .with_value("email", &form.email)
        .with_value("display_name", &form.display_name)
        .with_value("attempt", &form.attempt);
    let url = flow.url("/register");
    Ok(sender.respond(outcome, &url, &pages, |flash| page(flow, flash)))
}

fn page(flow: Flow, flash: &Flash) -> Page {
    Page::Register(Register {
        flow,
        email: flash.value("email").unwrap_or_default(),
        display_name: flash.value("display_name").unwrap_or_default(),
        attempt: flash.value("attempt").unwrap_or_else(random::token),
        email_problem: flash.problem_of("email"),
        display_name_problem: flash.problem_of("display_name"),
        password_problem: flash.problem_of("password"),
        problem: flash.problem(),
    })
}

fn reject_if_closed(accounts: &Accounts) -> Result<(), HttpError> {
    if accounts.registration_open() {
        Ok(())
    } else {
        Err(HttpError::Rejected(Problem::NotFound))
    }
}
