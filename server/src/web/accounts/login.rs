//! `GET` and `POST /login`, in a page of its own and in the popup of a chat box.

use app::model::{ContinueAs, Flow, FormProblem, Login, Notice, Page};
use axum::{
    extract::State,
    http::{
        HeaderMap, StatusCode,
        header::{REFERER, USER_AGENT},
    },
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{enter::begin_session_by_password, notice::NoticeParam};
use crate::{
    accounts::{ExternalIdentity, ServiceError, SignInError},
    clock::Clock,
    handoff::{self, FlowParams, Handoffs},
    metrics::METRICS,
    session::SessionEntries,
    web::{
        AppState, CurrentUser, Flash, FormSender, Outcome, Pages, Visitor,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

/// The sign-in method, in the metrics.
const METHOD: &str = "password";

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(flatten)]
    notice: NoticeParam,
}

pub(super) async fn show(
    State(state): State<AppState>,
    Visitor(visitor): Visitor,
    session: SessionEntries,
    flash: Flash,
    headers: HeaderMap,
    ReadQuery(query): ReadQuery<LoginQuery>,
) -> Result<Response, HttpError> {
    let AppState {
        pages,
        handoffs,
        clock,
        ..
    } = state;
    let (flow, chat_box) = handoffs.flow(&query.flow).await?;
    if let Some(chat_box) = chat_box {
        handoffs.reject_foreign_opener(&chat_box, opener_origin(&headers).as_deref())?;
    }
    let notice = query.notice.notice();
    let waiting = waiting_identity(notice, &session, &clock).await?;
    match visitor {
        Some(visitor) if waiting.is_none() => {
            show_to_user(visitor, flow, &handoffs, &pages, &clock).await
        }
        visitor => {
            let own = visitor.map(|visitor| visitor.user.email);
            let theirs = || {
                waiting?
                    .verified_email()
                    .map(|email| email.as_str().to_owned())
            };
            let mut page = login(flow, &flash);
            page.notice = notice;
            page.email = flash
                .value("email")
                .or(own)
                .or_else(theirs)
                .unwrap_or_default();
            page.in_app = is_in_app(&headers);
            Ok(pages.respond(StatusCode::OK, Page::Login(page)))
        }
    }
}

/// The origin of the page that led here, if the browser sends a referrer.
fn opener_origin(headers: &HeaderMap) -> Option<String> {
    let referer = Url::parse(headers.get(REFERER)?.to_str().ok()?).ok()?;
    Some(referer.origin().ascii_serialization())
}

/// What the built-in browsers of apps have in their `User-Agent`. Google refuses them, and other providers send their
/// users to another browser, from which none returns.
const APPS: [&str; 9] = [
    "Instagram",
    "FBAN",
    "FBAV",
    "Line/",
    "LinkedInApp",
    "MicroMessenger",
    "Snapchat",
    "TikTok",
    "; wv)",
];

fn is_in_app(headers: &HeaderMap) -> bool {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|agent| agent.to_str().ok());
    agent.is_some_and(|agent| APPS.iter().any(|app| agent.contains(app)))
}

/// The identity that the user is told to sign in for, to link it.
async fn waiting_identity(
    notice: Option<Notice>,
    session: &SessionEntries,
    clock: &Clock,
) -> Result<Option<ExternalIdentity>, HttpError> {
    match notice {
        Some(Notice::AccountExists | Notice::SignInToConnect) => {
            Ok(session.kept_identity(clock.now()).await?)
        }
        _ => Ok(None),
    }
}

/// Asks a signed-in user for consent before a hand-off, unless configured otherwise. Without a popup,
/// continues to the target.
async fn show_to_user(
    visitor: CurrentUser,
    flow: Flow,
    handoffs: &Handoffs,
    pages: &Pages,
    clock: &Clock,
) -> Result<Response, HttpError> {
    if flow.popup.is_none() || handoffs.skips_consent() {
        let target = handoff::after_sign_in(&flow, &visitor.session, clock.now()).await?;
        return Ok(Redirect::to(&target).into_response());
    }
    let viewer = visitor.user.viewer();
    Ok(pages.respond(
        StatusCode::OK,
        Page::ContinueAs(ContinueAs { flow, viewer }),
    ))
}

#[derive(Deserialize)]
pub(super) struct LoginForm {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
}

pub(super) async fn submit(
    State(state): State<AppState>,
    ClientAddress(client): ClientAddress,
    session: SessionEntries,
    sender: FormSender,
    ReadForm(form): ReadForm<LoginForm>,
) -> Result<Response, HttpError> {
    let accounts = &state.accounts;
    let (flow, _) = state.handoffs.flow(&form.flow).await?;
    let error = match accounts.sign_in(&form.email, &form.password, client).await {
        Ok(proof) => {
            let now = state.clock.now();
            match begin_session_by_password(accounts, &session, &proof, &flow, now).await? {
                Some(target) => {
                    METRICS.sign_in(METHOD, "signed_in");
                    return Ok(Redirect::to(&target).into_response());
                }
                None => SignInError::WrongCredentials,
            }
        }
        Err(error) => error,
    };
    METRICS.sign_in(METHOD, word(&error));
    let outcome = rejection(error)?.with_value("email", &form.email);
    let url = flow.url("/login");
    Ok(sender.respond(outcome, &url, &state.pages, |flash| {
        Page::Login(login(flow, flash))
    }))
}

/// The word of the metrics for a sign-in that failed.
fn word(error: &SignInError) -> &'static str {
    match error {
        SignInError::Fields { .. } => "invalid",
        SignInError::WrongCredentials => "wrong_credentials",
        SignInError::EmailUnverified => "unverified",
        SignInError::Service(ServiceError::RateLimited(_)) => "rate_limited",
        SignInError::Service(ServiceError::Overloaded(_)) => "overloaded",
        SignInError::Service(ServiceError::Storage(_)) => "unavailable",
    }
}

fn rejection(error: SignInError) -> Result<Outcome, HttpError> {
    let unauthorized = |problem| Outcome::rejected(StatusCode::UNAUTHORIZED, problem);
    Ok(match error {
        SignInError::Fields { email, password } => {
            Outcome::rejected_fields([("email", email), ("password", password)])
        }
        SignInError::WrongCredentials => unauthorized(FormProblem::WrongCredentials),
        SignInError::EmailUnverified => unauthorized(FormProblem::EmailUnverified),
        SignInError::Service(error) => Outcome::of_service(error)?,
    })
}

fn login(flow: Flow, flash: &Flash) -> Login {
    Login {
        flow,
        email: flash.value("email").unwrap_or_default(),
        email_problem: flash.problem_of("email"),
        password_problem: flash.problem_of("password"),
        problem: flash.problem(),
        ..Login::default()
    }
}
