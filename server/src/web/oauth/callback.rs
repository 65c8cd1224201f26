//! `GET` and `POST /oauth/{provider}/callback`: the provider's response to a sign-in.

use app::model::{Flow, Login, Page, Problem};
use axum::{
    extract::{Path, RawForm, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{account_choice, back_to_login, browser, linked_accounts};
use crate::{
    accounts::ExternalSignIn,
    handoff,
    http::cookies,
    metrics::METRICS,
    oauth::{
        AccountChoice, AuthorizationResponse, Cause, FlowPurpose, Identified, OAuth, Proof,
        ProviderError, Taken,
    },
    session::SessionEntries,
    web::{
        AppState, CurrentUser, Visitor,
        accounts::enter,
        http::{HttpError, ReadQuery, with_query_param},
    },
};

/// The maximum lengths of a code or token and of Apple's `user`, in bytes. No provider comes near them.
const MAX_PROOF: usize = 4096;
const MAX_USER: usize = 1024;

/// What providers answer to a `prompt` that they do not know.
const INVALID_REQUEST: &str = "invalid_request";

/// The authorization response: RFC 6749 section 4.1.2, RFC 9207, and what Apple adds.
#[derive(Deserialize)]
pub(super) struct CallbackParams {
    state: Option<String>,
    code: Option<String>,
    token: Option<String>,
    iss: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
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

pub(super) async fn respond(
    State(app): State<AppState>,
    Path(provider): Path<String>,
    Visitor(visitor): Visitor,
    session: SessionEntries,
    headers: HeaderMap,
    ReadQuery(params): ReadQuery<CallbackParams>,
) -> Result<Response, HttpError> {
    let oauth = &app.oauth;
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    let over = || HttpError::Rejected(Problem::SignInExpired);
    let state = params
        .state
        .clone()
        .or_else(|| provider.state_in(params.token.as_deref()?));
    let state = state.ok_or_else(over)?;
    let browser = browser::known(&headers).ok_or_else(|| without_browser(&headers))?;
    let taken = oauth.take(provider.as_ref(), &browser, &state).await?;
    let begun = match taken.ok_or_else(over)? {
        Taken::Now(begun) => begun,
        Taken::Over(begun) => {
            return flow_is_over(&app, provider.name(), visitor.is_some(), &begun).await;
        }
    };
    let (flow, _) = app.handoffs.flow(&begun.flow).await?;
    let choice = account_choice::wanted(&headers);
    if let (Some(choice), Some(INVALID_REQUEST), None) =
        (choice, params.error.as_deref(), &begun.link_user_id)
    {
        let start = flow.url(&format!("/oauth/{}/start", provider.name()));
        return Ok(choose_otherwise(
            choice,
            Redirect::to(&start).into_response(),
        ));
    }

    let identified = async {
        provider.check_issuer(params.iss.as_deref()).await?;
        let response = params.read()?;
        oauth
            .identify(provider.as_ref(), &browser, state, &response)
            .await
    };
    match (identified.await, begun.link_user_id) {
        (Ok(user), link_user_id) => {
            let visitor = still_signed_in(&app, visitor).await?;
            let mut response = match link_user_id {
                Some(user_id) => {
                    linked_accounts::finish_link(&app.accounts, visitor, &user_id, &user.identity)
                        .await?
                }
                None => sign_in(&app, &session, visitor.is_some(), user, &flow).await?,
            };
            account_choice::forget(&headers, response.headers_mut());
            Ok(response)
        }
        (Err(error), link_user_id) => {
            error.log(provider.name());
            let problem = error.cause.explanation().problem;
            let response = match link_user_id {
                Some(_) => linked_accounts::back_to_account(problem),
                None => back_to_login(&flow, problem),
            };
            // A provider may refuse with another code, and would do so again.
            let may_refuse = params.error.is_some() && error.cause != Cause::Denied;
            Ok(match choice.filter(|_| may_refuse) {
                Some(choice) => choose_otherwise(choice, response),
                None => response,
            })
        }
    }
}

/// The user who was signed in before the provider was asked, unless that has ended in the meantime.
async fn still_signed_in(
    app: &AppState,
    visitor: Option<CurrentUser>,
) -> Result<Option<CurrentUser>, HttpError> {
    match visitor {
        Some(visitor) if visitor.is_still_signed_in(&app.accounts).await? => Ok(Some(visitor)),
        _ => Ok(None),
    }
}

/// A response after which the user chooses an account in another way, since the provider refuses this one.
fn choose_otherwise(refused: AccountChoice, mut response: Response) -> Response {
    account_choice::refuse(refused, response.headers_mut());
    response
}

/// Why a response has no browser that began its flow: one with other cookies is another browser, or was restarted.
fn without_browser(headers: &HeaderMap) -> HttpError {
    if cookies(headers).next().is_some() {
        return HttpError::Rejected(Problem::SignInExpired);
    }
    tracing::info!("a browser has not kept the cookie of a sign-in through a provider");
    HttpError::Rejected(Problem::NoCookies)
}

/// The response was loaded again, such as by the browser's "Back", or came too late. A signed-in user goes to where it
/// led; anyone else starts again, in the same flow. What was to be linked is begun again on the account page.
async fn flow_is_over(
    app: &AppState,
    provider: &str,
    is_signed_in: bool,
    begun: &FlowPurpose,
) -> Result<Response, HttpError> {
    if begun.link_user_id.is_some() {
        return Err(HttpError::Rejected(Problem::SignInExpired));
    }
    let (flow, _) = app.handoffs.flow(&begun.flow).await?;
    if is_signed_in {
        return Ok(Redirect::to(&handoff::target_of(&flow)).into_response());
    }
    Cause::Expired.log(provider, None);
    let page = Login {
        flow,
        problem: Some(Cause::Expired.explanation().problem),
        ..Login::default()
    };
    Ok(app
        .pages
        .respond(StatusCode::BAD_REQUEST, Page::Login(page)))
}

impl CallbackParams {
    /// The code or token of the response, or the error that the provider reports.
    fn read(&self) -> Result<AuthorizationResponse, ProviderError> {
        if let Some(code) = &self.error {
            let description = self.error_description.as_deref();
            return Err(ProviderError::reported(code, description));
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
                return Err(ProviderError::without_proof());
            }
        };
        Ok(AuthorizationResponse {
            proof,
            user: self.user.clone().filter(|user| user.len() <= MAX_USER),
        })
    }
}

/// Signs the identity's user in, or goes on to what is missing. A user who is signed in here and comes with an identity
/// that has no account is asked whether to link it.
async fn sign_in(
    app: &AppState,
    session: &SessionEntries,
    is_signed_in: bool,
    user: Identified,
    flow: &Flow,
) -> Result<Response, HttpError> {
    let now = app.clock.now();
    let Identified {
        identity,
        incomplete,
    } = user;
    let refused = |cause: Cause, error| {
        cause.log(&identity.provider, error);
        Ok(back_to_login(flow, cause.explanation().problem))
    };
    // What is missing may come in a minute.
    let outage = incomplete.filter(|error| error.cause == Cause::Unavailable);
    let target = match app.accounts.sign_in_with(&identity).await? {
        ExternalSignIn::SignedIn { user_id } => {
            METRICS.sign_in("provider", "signed_in");
            let user = (user_id.as_str(), identity.provider.as_str());
            enter(&app.accounts, session, user, flow, now).await?
        }
        ExternalSignIn::AccountExists
        | ExternalSignIn::AddressNeeded
        | ExternalSignIn::RegistrationClosed
            if is_signed_in =>
        {
            session.offer_identity(&identity, now).await?;
            flow.url("/connect")
        }
        ExternalSignIn::AccountExists => {
            session.keep_identity(&identity, now).await?;
            with_query_param(&flow.url("/login"), "notice", "account-exists")
        }
        ExternalSignIn::AddressNeeded | ExternalSignIn::RegistrationClosed if outage.is_some() => {
            return refused(Cause::Unavailable, outage.as_ref());
        }
        ExternalSignIn::AddressNeeded => {
            session.keep_identity(&identity, now).await?;
            flow.url("/finish-account")
        }
        ExternalSignIn::RegistrationClosed => {
            session.keep_identity(&identity, now).await?;
            return refused(Cause::RegistrationClosed, None);
        }
        ExternalSignIn::Disabled => return refused(Cause::AccountDisabled, None),
    };
    Ok(Redirect::to(&target).into_response())
}
