//! `GET` and `POST /connect`: a user has signed in at a provider and here, in either order, so both accounts are verified.
//! Asks whether to link them, since equal addresses alone link nothing.

use app::model::{Connect, FormProblem, Page};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::linked_accounts::back_to_account;
use crate::{
    accounts::{ExternalIdentity, LinkError},
    clock::Clock,
    handoff::{self, FlowParams, Handoffs},
    oauth::OAuth,
    web::{
        AppState, CurrentUser, Pages,
        http::{HttpError, ReadForm, ReadQuery, SignedOut, with_query_param},
    },
};

pub(super) async fn show(
    State(oauth): State<OAuth>,
    State(handoffs): State<Handoffs>,
    State(pages): State<Pages>,
    State(clock): State<Clock>,
    current: CurrentUser,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, SignedOut> {
    let (flow, _) = handoffs.flow(&params).await?;
    let waiting = current
        .session
        .offered_identity::<ExternalIdentity>(clock.now())
        .await?;
    let Some(identity) = waiting else {
        return Ok(Redirect::to(&handoff::target_of(&flow)).into_response());
    };
    let page = Connect {
        flow,
        viewer: current.user.viewer(),
        provider: oauth.label(&identity.provider),
        label: identity.label().map(str::to_owned),
    };
    Ok(pages.respond(StatusCode::OK, Page::Connect(page)))
}

#[derive(Deserialize)]
pub(super) struct ConnectForm {
    #[serde(flatten)]
    flow: FlowParams,
    /// The user for whom the page was rendered.
    #[serde(default)]
    viewer: String,
    #[serde(default)]
    connect: String,
}

pub(super) async fn submit(
    State(app): State<AppState>,
    current: CurrentUser,
    ReadForm(form): ReadForm<ConnectForm>,
) -> Result<Response, HttpError> {
    let (flow, _) = app.handoffs.flow(&form.flow).await?;
    if form.viewer != current.user.id {
        return Ok(Redirect::to(&flow.url("/login")).into_response());
    }
    let now = app.clock.now();
    let waiting = current
        .session
        .offered_identity::<ExternalIdentity>(now)
        .await?;
    current.session.drop_offer().await?;
    if let Some(identity) = waiting.filter(|_| form.connect == "yes") {
        if !current.session.signed_in_recently(now).await? {
            current.session.keep_identity(&identity, now).await?;
            let login = with_query_param(&flow.url("/login"), "notice", "sign-in-to-connect");
            return Ok(Redirect::to(&login).into_response());
        }
        match app.accounts.link(&current.user.id, &identity).await {
            Ok(()) => {}
            Err(LinkError::TakenByAnother) if flow.popup.is_none() => {
                return Ok(back_to_account(FormProblem::IdentityTaken));
            }
            Err(LinkError::TakenByAnother) => {
                tracing::info!("the identity was linked to another account in the meantime");
            }
            Err(LinkError::Storage(error)) => return Err(error.into()),
        }
    }
    let target = handoff::after_sign_in(&flow, &current.session, now).await?;
    Ok(Redirect::to(&target).into_response())
}
