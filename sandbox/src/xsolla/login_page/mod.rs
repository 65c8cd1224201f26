//! `GET|POST /xsolla/login`: the counterpart of <https://login-widget.xsolla.com/latest/>. A host sends a
//! browser here, its visitor chooses a persona, and the browser returns with a token or a code.
//! The page's form repeats the request, so nothing is stored until the visitor has chosen.

mod page;
mod request;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use self::page::{CANCEL, CHOICE};
use self::request::Problem;
use super::callbacks::with_query;
use super::codes::Grant;
use super::exchanges::Call;
use super::failures;
use super::personas::Persona;
use super::state::Xsolla;
use super::user_token::{self, Flow};
use crate::pages::SameOrigin;
use crate::parameters::Parameters;
use crate::random::random;

pub(super) use self::request::Request;

pub(super) fn router() -> Router<Xsolla> {
    // The vendor writes the widget's URL with a trailing slash, and so do hosts.
    Router::new()
        .route("/xsolla/login", get(ask))
        .route("/xsolla/login/", get(ask))
        .route("/xsolla/login", post(respond))
}

async fn ask(State(xsolla): State<Xsolla>, RawQuery(query): RawQuery) -> Response {
    let mut parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    parameters.take(CHOICE);
    match Request::read(&xsolla, &parameters) {
        Ok(request) => page::choose(&xsolla, &parameters, &request).into_response(),
        Err(problem) => refuse(&xsolla, problem),
    }
}

async fn respond(_: SameOrigin, State(xsolla): State<Xsolla>, body: Bytes) -> Response {
    let mut parameters = Parameters::parse(&body);
    let choice = parameters.take(CHOICE).unwrap_or_default();
    let request = match Request::read(&xsolla, &parameters) {
        Ok(request) => request,
        Err(problem) => return refuse(&xsolla, problem),
    };
    let way_back = match (Persona::find(&choice), &request) {
        (Some(persona), _) => {
            xsolla.record(Call::Page, "ok", Some(persona));
            signed_in(&xsolla, &request, persona)
        }
        (None, Request::OAuth { state, .. }) if choice == CANCEL => {
            xsolla.record(Call::Page, "access_denied", None);
            let query = [("error", "access_denied"), ("state", state)];
            with_query(request.callback(), &query)
        }
        (None, _) => return refuse(&xsolla, request::UNKNOWN_PERSONA),
    };
    match way_back {
        Ok(address) => Redirect::to(&address).into_response(),
        Err(error) => failures::internal(&error),
    }
}

/// The callback's URL with a token or a code.
pub(super) fn signed_in(
    xsolla: &Xsolla,
    request: &Request,
    persona: &'static Persona,
) -> anyhow::Result<String> {
    match *request {
        Request::Jwt { callback, payload } => {
            let claims = user_token::claims(xsolla, persona, &Flow::Jwt { payload })?;
            with_query(callback, &[("token", &xsolla.mint(claims)?)])
        }
        Request::OAuth {
            callback,
            state,
            code_challenge,
        } => {
            let code = random()?;
            let grant = Grant {
                persona,
                redirect_uri: callback.to_owned(),
                code_challenge: code_challenge.map(str::to_owned),
                given_at: xsolla.now(),
            };
            xsolla.grant(code.as_str().into(), grant);
            with_query(callback, &[("code", &code), ("state", state)])
        }
    }
}

fn refuse(xsolla: &Xsolla, problem: Problem) -> Response {
    xsolla.record(Call::Page, problem.code, None);
    page::problem(problem.sentence)
}
