//! Links accounts at providers to the user's account, and removes them again.

use app::model::{FormProblem, Problem};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use super::{browser, too_many};
use crate::{
    accounts::{Accounts, ExternalIdentity, LinkError, UnlinkError},
    clock::Clock,
    handoff::FlowParams,
    oauth::{BeginError, Browser, FlowPurpose, Hints, OAuth},
    web::{
        CurrentUser, Pages,
        http::{ClientAddress, HttpError, with_query_param},
        problems,
    },
};

/// `POST /oauth/{provider}/link`.
pub(super) async fn link(
    State(oauth): State<OAuth>,
    State(pages): State<Pages>,
    State(clock): State<Clock>,
    Path(provider): Path<String>,
    ClientAddress(client): ClientAddress,
    current: CurrentUser,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    if !current.session.signed_in_recently(clock.now()).await? {
        return Ok(back_to_account(FormProblem::SignInAgain));
    }
    let browser = browser::known(&headers).unwrap_or_else(Browser::new);
    let begun = FlowPurpose {
        flow: FlowParams::default(),
        link_user_id: Some(current.user.id),
    };
    let url = match oauth
        .begin(
            provider.as_ref(),
            &browser,
            &begun,
            &Hints::default(),
            client,
        )
        .await
    {
        Ok(url) => url,
        Err(BeginError::Provider(error)) => {
            error.log(provider.name());
            return Ok(back_to_account(error.cause.explanation().problem));
        }
        Err(BeginError::RateLimited(rate_limited)) => return Ok(too_many(rate_limited)),
        Err(BeginError::Storage(error)) => return Err(error.into()),
    };
    let mut response = pages.leave(provider.label(), &url)?;
    browser::remember(&browser, response.headers_mut());
    Ok(response)
}

/// Links the identity to the account of the user who started this, after the provider's response. That user
/// must still be signed in.
pub(super) async fn finish_link(
    accounts: &Accounts,
    visitor: Option<CurrentUser>,
    user_id: &str,
    identity: &ExternalIdentity,
) -> Result<Response, HttpError> {
    if visitor.is_none_or(|visitor| visitor.user.id != user_id) {
        return Err(HttpError::Rejected(Problem::SignInExpired));
    }
    match accounts.link(user_id, identity).await {
        Ok(()) => Ok(Redirect::to("/account?notice=account-linked").into_response()),
        Err(LinkError::TakenByAnother) => Ok(back_to_account(FormProblem::IdentityTaken)),
        Err(LinkError::Storage(error)) => Err(error.into()),
    }
}

/// `POST /account/linked-accounts/{id}/remove`.
pub(super) async fn remove(
    State(accounts): State<Accounts>,
    State(clock): State<Clock>,
    Path(id): Path<String>,
    current: CurrentUser,
) -> Result<Response, HttpError> {
    if !current.session.signed_in_recently(clock.now()).await? {
        return Ok(back_to_account(FormProblem::SignInAgain));
    }
    match accounts.unlink(&current.user, &id).await {
        Ok(()) => Ok(Redirect::to("/account?notice=account-unlinked").into_response()),
        Err(UnlinkError::NotFound) => Err(HttpError::Rejected(Problem::NotFound)),
        Err(UnlinkError::LastMethod) => Ok(back_to_account(FormProblem::LastSignInMethod)),
        Err(UnlinkError::Storage(error)) => Err(error.into()),
    }
}

/// Redirects to the account page, which shows a problem.
pub(super) fn back_to_account(problem: FormProblem) -> Response {
    Redirect::to(&with_query_param(
        "/account",
        "problem",
        problems::word(problem),
    ))
    .into_response()
}
