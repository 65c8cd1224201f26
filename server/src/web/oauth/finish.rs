//! `GET` and `POST /finish-account`: asks a user for an address if the provider has verified none.

use app::model::{CheckMail, FinishAccount, Flow, MailPurpose, Page, Problem};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    accounts::{ExternalIdentity, RegisterError},
    clock::Clock,
    handoff::{FlowParams, Handoffs},
    oauth::OAuth,
    session::SessionEntries,
    web::{
        AppState, Pages,
        accounts::{form_problem, with_retry_after},
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show(
    State(oauth): State<OAuth>,
    State(handoffs): State<Handoffs>,
    State(pages): State<Pages>,
    State(clock): State<Clock>,
    session: SessionEntries,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    let Some(identity) = session
        .kept_identity::<ExternalIdentity>(clock.now())
        .await?
    else {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    };
    let page = FinishAccount {
        email: identity
            .email
            .as_ref()
            .map(|email| email.address.clone())
            .unwrap_or_default(),
        display_name: identity.suggested_name(),
        ..page(&oauth, flow, &identity)
    };
    Ok(pages.respond(StatusCode::OK, Page::FinishAccount(page)))
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
    let mut page = FinishAccount {
        email: form.email,
        display_name: form.display_name,
        ..page(&state.oauth, flow, &identity)
    };
    let status = match registered {
        Ok(email) => {
            let page = CheckMail {
                flow: page.flow,
                email: email.as_str().to_owned(),
                purpose: MailPurpose::ConfirmEmail,
            };
            return Ok(state.pages.respond(StatusCode::OK, Page::CheckMail(page)));
        }
        Err(RegisterError::Fields(problems)) => {
            page.email_problem = problems.email;
            page.display_name_problem = problems.display_name;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(RegisterError::Service(error)) => {
            let (status, problem) = form_problem(error)?;
            page.problem = Some(problem);
            status
        }
    };
    let problem = page.problem;
    Ok(with_retry_after(
        state.pages.respond(status, Page::FinishAccount(page)),
        problem,
    ))
}

fn page(oauth: &OAuth, flow: Flow, identity: &ExternalIdentity) -> FinishAccount {
    FinishAccount {
        flow,
        provider: oauth.label(&identity.provider),
        ..FinishAccount::default()
    }
}
