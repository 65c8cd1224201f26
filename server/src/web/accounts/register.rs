//! `GET` and `POST /register`.

use app::model::{CheckMail, Flow, MailPurpose, Page, Problem, Register};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::answer::{form_problem, with_retry_after};
use crate::{
    accounts::{Accounts, RegisterError, Registration},
    handoff::{FlowParams, Handoffs},
    random,
    web::{
        Pages, Visitor,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    Visitor(visitor): Visitor,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    refuse_if_closed(&accounts)?;
    let (flow, _) = handoffs.flow(&params).await?;
    if visitor.is_some() {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    }
    let page = Register {
        flow,
        attempt: random::token(),
        ..Register::default()
    };
    Ok(pages.respond(StatusCode::OK, Page::Register(page)))
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
    ReadForm(form): ReadForm<RegisterForm>,
) -> Result<Response, HttpError> {
    refuse_if_closed(&accounts)?;
    let (flow, _) = handoffs.flow(&form.flow).await?;
    let registration = Registration {
        email: &form.email,
        display_name: &form.display_name,
        password: &form.password,
        attempt: &form.attempt,
    };
    match accounts.register(registration, client).await {
        Ok(email) => {
            let email = email.as_str().to_owned();
            let page = CheckMail {
                flow,
                email,
                purpose: MailPurpose::ConfirmEmail,
            };
            Ok(pages.respond(StatusCode::OK, Page::CheckMail(page)))
        }
        Err(error) => refuse(error, flow, form, &pages),
    }
}

fn refuse(
    error: RegisterError,
    flow: Flow,
    form: RegisterForm,
    pages: &Pages,
) -> Result<Response, HttpError> {
    let mut page = Register {
        flow,
        email: form.email,
        display_name: form.display_name,
        attempt: form.attempt,
        ..Register::default()
    };
    let status = match error {
        RegisterError::Fields(problems) => {
            page.email_problem = problems.email;
            page.display_name_problem = problems.display_name;
            page.password_problem = problems.password;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        RegisterError::Service(error) => {
            let (status, problem) = form_problem(error)?;
            page.problem = Some(problem);
            status
        }
    };
    let problem = page.problem;
    Ok(with_retry_after(
        pages.respond(status, Page::Register(page)),
        problem,
    ))
}

fn refuse_if_closed(accounts: &Accounts) -> Result<(), HttpError> {
    if accounts.registration_open() {
        Ok(())
    } else {
        Err(HttpError::Rejected(Problem::NotFound))
    }
}
