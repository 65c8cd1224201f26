//! `GET|POST /sso/authorize`: a client sends a browser here, its visitor chooses a persona, and the browser
//! returns with a code (RFC 6749, section 4.1; OpenID Connect Core 1.0, section 3.1.2).
//! The page's form repeats the request, so nothing is stored until the visitor has chosen.

mod page;
mod request;
mod response;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use self::page::{CANCEL, CHOICE};
use self::request::{AuthorizationRequest, Problem};
use self::response::ReturnAddress;
use super::failures;
use super::grants::Grant;
use super::log::Step;
use super::personas::Persona;
use super::settings::{AuthorizationFailure, OpenerPolicy};
use super::state::Sso;
use crate::pages::{SameOrigin, asset};
use crate::parameters::Parameters;

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

pub(super) fn router() -> Router<Sso> {
    Router::new()
        .route("/sso/authorize", get(by_query).post(by_form))
        .route("/sso/form-post.js", get(async || form_post_script()))
}

fn form_post_script() -> Response {
    asset(
        "text/javascript; charset=utf-8",
        include_str!("form-post.js"),
    )
}

async fn by_query(State(sso): State<Sso>, RawQuery(query): RawQuery) -> Response {
    let mut parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    parameters.take(CHOICE);
    ask(&sso, &parameters).unwrap_or_else(|refused| refused.respond(&sso))
}

/// Handles an authorization request, which any site may post, or a choice, which only this page may post.
async fn by_form(
    same_origin: Result<SameOrigin, (StatusCode, &'static str)>,
    State(sso): State<Sso>,
    body: Bytes,
) -> Response {
    let mut parameters = Parameters::parse(&body);
    let response = match (parameters.take(CHOICE), same_origin) {
        (None, _) => ask(&sso, &parameters),
        (Some(choice), Ok(SameOrigin)) => decide(&sso, &parameters, &choice),
        (Some(_), Err(refused)) => return refused.into_response(),
    };
    response.unwrap_or_else(|refused| refused.respond(&sso))
}

fn ask<'a>(sso: &Sso, parameters: &'a Parameters) -> Result<Response, Rejected<'a>> {
    sso.record_request(parameters);
    let (_, request) = read(sso, parameters)?;
    let page = page::choose(sso, parameters, request.login_hint);
    let policy = match sso.settings().opener_policy {
        OpenerPolicy::None => return Ok(page.into_response()),
        OpenerPolicy::SameOrigin => "same-origin",
        OpenerPolicy::SameOriginAllowPopups => "same-origin-allow-popups",
    };
    Ok(([(COOP, policy)], page).into_response())
}

fn decide<'a>(
    sso: &Sso,
    parameters: &'a Parameters,
    choice: &str,
) -> Result<Response, Rejected<'a>> {
    let (address, request) = read(sso, parameters)?;
    if choice == CANCEL {
        let problem = Problem::new("access_denied", "The visitor does not want to sign in.");
        return Err(Rejected::Client(address, problem));
    }
    let persona = Persona::find(choice).ok_or(Rejected::Visitor(Problem::new(
        "unknown_persona",
        "There is no such user.",
    )))?;
    let code = sso.grant(Grant {
        persona,
        scope: request.scope.to_owned(),
        nonce: request.nonce.map(str::to_owned),
        authenticated_at: sso.now(),
        redirect_uri: address.redirect_uri.to_owned(),
        code_challenge: request.code_challenge.to_owned(),
    });
    match code {
        Ok(code) => {
            sso.record(Step::Authorization, "ok", Some(persona.sub));
            Ok(address.send(sso, &[("code", &code)]))
        }
        Err(error) => Ok(failures::internal(&error)),
    }
}

/// The return address and the validated request.
fn read<'a>(
    sso: &Sso,
    parameters: &'a Parameters,
) -> Result<(ReturnAddress<'a>, AuthorizationRequest<'a>), Rejected<'a>> {
    let address = ReturnAddress::find(sso, parameters).map_err(Rejected::Visitor)?;
    let request = AuthorizationRequest::read(parameters);
    let forced = match sso.settings().authorization {
        AuthorizationFailure::TemporarilyUnavailable => Some("temporarily_unavailable"),
        AuthorizationFailure::ServerError => Some("server_error"),
        _ => None,
    };
    match (request, forced) {
        (Ok(request), None) => Ok((address, request)),
        (Ok(_), Some(error)) => {
            let problem = Problem::new(error, "The provider was told to fail.");
            Err(Rejected::Client(address, problem))
        }
        (Err(problem), _) => Err(Rejected::Client(address, problem)),
    }
}

/// A problem and who is told about it: the client, or the visitor if the client cannot be trusted.
enum Rejected<'a> {
    Visitor(Problem),
    Client(ReturnAddress<'a>, Problem),
}

impl Rejected<'_> {
    fn respond(&self, sso: &Sso) -> Response {
        let (Self::Visitor(problem) | Self::Client(_, problem)) = self;
        sso.record(Step::Authorization, problem.error, None);
        match self {
            Self::Visitor(problem) => page::error(problem.description),
            Self::Client(address, problem) => {
                let (error, description) = (problem.error, problem.description);
                address.send(sso, &[("error", error), ("error_description", description)])
            }
        }
    }
}
