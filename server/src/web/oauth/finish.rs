//! `GET` and `POST /finish-account`: asks a user for an address if the provider has verified none.

use app::model::{FinishAccount, Flow, MailPurpose, Page, Problem};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    accounts::{ExternalIdentity, RegisterError},
    handoff::FlowParams,
    session::SessionEntries,
    web::{
        AppState, Flash, FormSender, Outcome,
        accounts::mail_sent,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show(
    State(state): State<AppState>,
    session: SessionEntries,
    flash: Flash,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    if !state.accounts.registration_open() {
        return Err(HttpError::Rejected(Problem::NotFound));
    }
    let (flow, _) = state.handoffs.flow(&params).await?;
    let Some(identity) = session
        .kept_identity::<ExternalIdentity>(state.clock.now())
        .await?
    else {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    };
    let label = state.oauth.label(&identity.provider);
    let page = page(flow, label, &identity, &flash);
    Ok(state.pages.respond(StatusCode::OK, page))
}

#[derive(Deserialize)]
pub(super) struct FinishForm {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(default)]
    email: String,
    #[serde(default)]
    display_name: String,
}

pub(super) async fn submit(
    State(state): State<AppState>,
    ClientAddress(client): ClientAddress,
    session: SessionEntries,
    sender: FormSender,
    ReadForm(form): ReadForm<FinishForm>,
) -> Result<Response, HttpError> {
    let accounts = &state.accounts;
    if !accounts.registration_open() {
        return Err(HttpError::Rejected(Problem::NotFound));
    }
    let (flow, _) = state.handoffs.flow(&form.flow).await?;
    let Some(identity) = session
        .kept_identity::<ExternalIdentity>(state.clock.now())
        .await?
    else {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    };
    let registered = accounts
        .register_with(&identity, &form.email, &form.display_name, client)
        .await;
    let pages = &state.pages;
    let outcome = match registered {
        Ok(email) => {
            return Ok(mail_sent(
                sender,
                flow,
                MailPurpose::ConfirmEmail,
                &email,
                pages,
            ));
        }
        Err(RegisterError::Fields(problems)) => Outcome::rejected_fields([
            ("email", problems.email),
            ("display_name", problems.display_name),
        ]),
        Err(RegisterError::Service(error)) => Outcome::of_service(error)?,
    };
    let outcome = outcome
        .with_value("email", &form.email)
        .with_value("display_name", &form.display_name);
    let url = flow.url("/finish-account");
    let label = state.oauth.label(&identity.provider);
    Ok(sender.respond(outcome, &url, pages, |flash| {
        page(flow, label, &identity, flash)
    }))
}

fn page(flow: Flow, provider: String, identity: &ExternalIdentity, flash: &Flash) -> Page {
    let email = identity.email.as_ref().map(|email| email.address.clone());
    let email = flash.value("email").or(email).unwrap_or_default();
    let display_name = flash.value("display_name");
    Page::FinishAccount(FinishAccount {
        flow,
        provider,
        email,
        display_name: display_name.unwrap_or_else(|| identity.suggested_name()),
        email_problem: flash.problem_of("email"),
        display_name_problem: flash.problem_of("display_name"),
        problem: flash.problem(),
    })
}
