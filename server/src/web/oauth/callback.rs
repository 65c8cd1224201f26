//! `GET` and `POST /oauth/{provider}/callback`: the provider's response to a sign-in.

use app::model::{Flow, FormProblem, Problem};
use axum::{
    extract::{Path, RawForm, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{back_to_login, browser, linked_accounts};
use crate::{
    accounts::{Accounts, ExternalIdentity, ExternalSignIn},
    clock::Clock,
    oauth::{Answer, OAuth, Proof, ProviderError},
    session::SessionEntries,
    web::{
        AppState, Visitor,
        accounts::enter,
        http::{HttpError, ReadQuery, with_query_param},
    },
};

/// The maximum lengths of a code or token and of Apple's `user`, in bytes. No provider comes near them.
const MAX_PROOF: usize = 4096;
const MAX_USER: usize = 1024;

/// The authorization response: RFC 6749 section 4.1.2, RFC 9207, and what Apple adds.
#[derive(Deserialize)]
pub(super) struct AnswerParams {
    state: Option<String>,
    code: Option<String>,
    token: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    user: Option<String>,
}

/// A form that the provider's page posts comes without our `Lax` cookies. Redirects to the same response as a
/// `GET`, which has them.
pub(super) async fn form_answer(
    State(oauth): State<OAuth>,
    Path(provider): Path<String>,
    RawForm(form): RawForm,
) -> Result<Response, HttpError> {
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    let query = std::str::from_utf8(&form)
        .ok()
        .filter(|form| form.bytes().all(|byte| byte.is_ascii_graphic()));
    let query = query.ok_or(HttpError::Rejected(Problem::BadRequest))?;
    let target = format!("/oauth/{}/callback?{query}", provider.name());
    Ok(Redirect::to(&target).into_response())
}

pub(super) async fn answer(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    Visitor(visitor): Visitor,
    session: SessionEntries,
    headers: HeaderMap,
    ReadQuery(params): ReadQuery<AnswerParams>,
) -> Result<Response, HttpError> {
    let oauth = &app.oauth;
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    let over = || HttpError::Rejected(Problem::SignInExpired);
    let browser = browser::known(&headers).ok_or_else(over)?;
    let state = params
        .state
        .clone()
        .or_else(|| provider.state_in(params.token.as_deref()?));
    let state = state.ok_or_else(over)?;
    let begun = oauth
        .take(provider.as_ref(), &browser, &state)
        .await?
        .ok_or_else(over)?;
    let (flow, _) = app.handoffs.flow(&begun.flow).await?;

    let identified = async {
        provider.check_issuer(params.iss.as_deref()).await?;
        let answer = params.read()?;
        oauth
            .identify(provider.as_ref(), &browser, state, &answer)
            .await
    };
    let identity = match identified.await {
        Ok(identity) => identity,
        Err(error) => {
            let problem = problem_of(&error);
            tracing::warn!(provider = provider.name(), %error, "the sign-in through a provider failed");
            return Ok(match begun.link_user_id {
                Some(_) => linked_accounts::back_to_account(problem),
                None => back_to_login(&flow, problem),
            });
        }
    };
    match begun.link_user_id {
        Some(user_id) => {
            linked_accounts::finish_link(&app.accounts, visitor, &user_id, &identity).await
        }
        None => sign_in(&app.accounts, &session, identity, &flow, &app.clock).await,
    }
}

impl AnswerParams {
    /// The code or token of the response, or the error that the provider reports.
    fn read(&self) -> Result<Answer, ProviderError> {
        match self.error.as_deref() {
            None => {}
            Some(
                "access_denied"
                | "user_cancelled_authorize"
                | "login_required"
                | "consent_required",
            ) => {
                return Err(ProviderError::Denied);
            }
            Some("temporarily_unavailable" | "server_error") => {
                return Err(ProviderError::unavailable(anyhow::anyhow!(
                    "it reports an outage"
                )));
            }
            Some(_) => {
                return Err(ProviderError::invalid(anyhow::anyhow!(
                    "it reports an error"
                )));
            }
        }
        let usable = |value: &&String| {
            (1..=MAX_PROOF).contains(&value.len())
                && value.bytes().all(|byte| (0x20..0x7f).contains(&byte))
        };
        let code = self.code.as_ref().filter(usable);
        let token = self.token.as_ref().filter(usable);
        let proof = match (code, token) {
            (Some(code), None) => Proof::Code(code.clone().into()),
            (None, Some(token)) => Proof::Token(token.clone().into()),
            _ => {
                return Err(ProviderError::invalid(anyhow::anyhow!(
                    "it has no usable code or token"
                )));
            }
        };
        Ok(Answer {
            proof,
            user: self.user.clone().filter(|user| user.len() <= MAX_USER),
        })
    }
}

fn problem_of(error: &ProviderError) -> FormProblem {
    match error {
        ProviderError::Denied => FormProblem::ProviderDenied,
        ProviderError::Unavailable(_) => FormProblem::ProviderUnavailable,
        ProviderError::Invalid(_) => FormProblem::ProviderFailed,
    }
}

async fn sign_in(
    accounts: &Accounts,
    session: &SessionEntries,
    identity: ExternalIdentity,
    flow: &Flow,
    clock: &Clock,
) -> Result<Response, HttpError> {
    let now = clock.now();
    let target = match accounts.sign_in_with(&identity).await? {
        ExternalSignIn::SignedIn { user_id } => {
            enter(accounts, session, &user_id, flow, now).await?
        }
        ExternalSignIn::AccountExists => {
            session.keep_identity(&identity, now).await?;
            with_query_param(&flow.url("/login"), "notice", "account-exists")
        }
        ExternalSignIn::AddressNeeded => {
            session.keep_identity(&identity, now).await?;
            flow.url("/finish-account")
        }
        ExternalSignIn::RegistrationClosed => {
            return Ok(back_to_login(flow, FormProblem::RegistrationClosed));
        }
        ExternalSignIn::Disabled => return Ok(back_to_login(flow, FormProblem::AccountDisabled)),
    };
    Ok(Redirect::to(&target).into_response())
}
