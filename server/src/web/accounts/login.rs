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

use super::{
    answer::{NoticeParam, form_problem, with_retry_after},
    enter::begin_session_by_password,
};
use crate::{
    accounts::{Accounts, ExternalIdentity, SignInError},
    clock::Clock,
    handoff::{self, FlowParams, Handoffs},
    session::SessionEntries,
    web::{
        CurrentUser, Pages, Visitor,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

#[derive(Deserialize)]
pub(super) struct LoginQuery {
    #[serde(flatten)]
    flow: FlowParams,
    #[serde(flatten)]
    notice: NoticeParam,
}

pub(super) async fn show(
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    Visitor(visitor): Visitor,
    session: SessionEntries,
    headers: HeaderMap,
    ReadQuery(query): ReadQuery<LoginQuery>,
) -> Result<Response, HttpError> {
    let (flow, chat_box) = handoffs.flow(&query.flow).await?;
    if let Some(chat_box) = chat_box {
        handoffs.refuse_foreign_opener(&chat_box, opener_origin(&headers).as_deref())?;
    }
    match visitor {
        Some(visitor) => show_to_user(visitor, flow, &handoffs, &pages, &clock).await,
        None => {
            let page = page_for_stranger(flow, &query.notice, &session, &clock).await?;
            let page = Login {
                in_app: is_in_app(&headers),
                ..page
            };
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

/// The sign-in form. After a sign-in through a provider whose verified address already has an account,
/// the address is filled in.
async fn page_for_stranger(
    flow: Flow,
    said: &NoticeParam,
    session: &SessionEntries,
    clock: &Clock,
) -> Result<Login, HttpError> {
    let notice = said.notice();
    let waiting = match notice {
        Some(Notice::AccountExists) => {
            session
                .kept_identity::<ExternalIdentity>(clock.now())
                .await?
        }
        _ => None,
    };
    let email = waiting.and_then(|identity| identity.verified_email());
    Ok(Login {
        flow,
        email: email
            .map(|email| email.as_str().to_owned())
            .unwrap_or_default(),
        problem: said.problem(),
        notice,
        ..Login::default()
    })
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
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    ClientAddress(client): ClientAddress,
    session: SessionEntries,
    ReadForm(form): ReadForm<LoginForm>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&form.flow).await?;
    match accounts.sign_in(&form.email, &form.password, client).await {
        Ok(proof) => {
            match begin_session_by_password(&accounts, &session, &proof, &flow, clock.now()).await?
            {
                Some(target) => Ok(Redirect::to(&target).into_response()),
                None => refuse(SignInError::WrongCredentials, flow, form.email, &pages),
            }
        }
        Err(error) => refuse(error, flow, form.email, &pages),
    }
}

fn refuse(
    error: SignInError,
    flow: Flow,
    email: String,
    pages: &Pages,
) -> Result<Response, HttpError> {
    let mut page = Login {
        flow,
        email,
        ..Login::default()
    };
    let status = match error {
        SignInError::Fields { email, password } => {
            page.email_problem = email;
            page.password_problem = password;
            StatusCode::UNPROCESSABLE_ENTITY
        }
        SignInError::WrongCredentials => {
            page.problem = Some(FormProblem::WrongCredentials);
            StatusCode::UNAUTHORIZED
        }
        SignInError::EmailUnverified => {
            page.problem = Some(FormProblem::EmailUnverified);
            StatusCode::UNAUTHORIZED
        }
        SignInError::Service(error) => {
            let (status, problem) = form_problem(error)?;
            page.problem = Some(problem);
            status
        }
    };
    let problem = page.problem;
    Ok(with_retry_after(
        pages.respond(status, Page::Login(page)),
        problem,
    ))
}
