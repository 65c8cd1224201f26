//! `POST /login?projectId=…&login_url=…`: exchanges username and password for the callback's URL with
//! `?token=<user JWT>`. `POST /oauth2/login?projectId=…&client_id=…&redirect_uri=…&response_type=code&state=…`:
//! for the one with `?code=…&state=…`. `with_logout` and `locale` are accepted and ignored, and by the first also
//! the parameters of the second, which the vendor's SDK sends there if one of them is missing.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::rejection::Rejection;
use crate::parameters::Parameters;
use crate::xsolla::exchanges::Call;
use crate::xsolla::login_page::{Request, signed_in};
use crate::xsolla::personas::Persona;
use crate::xsolla::{Xsolla, failures};

/// The members that the vendor's SDK sends; others are ignored.
#[derive(Deserialize)]
pub(super) struct Credentials {
    username: String,
    password: String,
}

type Body = Result<Json<Credentials>, JsonRejection>;

pub(super) async fn for_token(
    State(xsolla): State<Xsolla>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Response {
    log_in(&xsolla, query, body, token_request).await
}

pub(super) async fn for_code(
    State(xsolla): State<Xsolla>,
    RawQuery(query): RawQuery,
    body: Body,
) -> Response {
    log_in(&xsolla, query, body, code_request).await
}

async fn log_in(
    xsolla: &Xsolla,
    query: Option<String>,
    body: Body,
    read: for<'a> fn(&Xsolla, &'a Parameters) -> Result<Request<'a>, Rejection>,
) -> Response {
    let failure = xsolla.settings().api;
    if let Some(failed) = failures::instead_of_reading(xsolla, failure).await {
        xsolla.record(Call::Login, "forced_failure", None);
        return failed;
    }
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let known = read(xsolla, &parameters).and_then(|request| Ok((request, authenticate(body)?)));
    let (request, persona) = match known {
        Ok(known) => known,
        Err(rejection) => {
            xsolla.record(Call::Login, rejection.code, None);
            return rejection.into_response();
        }
    };
    match signed_in(xsolla, &request, persona) {
        Ok(address) => {
            let body = json!({ "login_url": address });
            let (outcome, response) = failures::spoil_or_send(failure, &body);
            xsolla.record(Call::Login, outcome, Some(persona));
            response
        }
        Err(error) => failures::internal(&error),
    }
}

fn token_request<'a>(
    xsolla: &Xsolla,
    parameters: &'a Parameters,
) -> Result<Request<'a>, Rejection> {
    Ok(Request::Jwt {
        callback: callback(xsolla, parameters, "login_url")?,
        payload: parameters.get("payload"),
    })
}

fn code_request<'a>(xsolla: &Xsolla, parameters: &'a Parameters) -> Result<Request<'a>, Rejection> {
    let callback = callback(xsolla, parameters, "redirect_uri")?;
    let is_ours = parameters.get("client_id") == Some(xsolla.client_id())
        && parameters.get("response_type") == Some("code");
    let state = parameters.get("state").filter(|_| is_ours);
    Ok(Request::OAuth {
        callback,
        state: state.ok_or(Rejection::NOT_A_CLIENT)?,
        code_challenge: None,
    })
}

/// The registered callback that the parameter `name` has, of a request for this project.
fn callback<'a>(
    xsolla: &Xsolla,
    parameters: &'a Parameters,
    name: &str,
) -> Result<&'a str, Rejection> {
    if parameters.get("projectId") != Some(xsolla.project_id()) {
        return Err(Rejection::UNKNOWN_PROJECT);
    }
    let callback = parameters.get(name).ok_or(Rejection::AMBIGUOUS_CALLBACK)?;
    let is_registered = xsolla.callbacks().contain(callback);
    is_registered
        .then_some(callback)
        .ok_or(Rejection::UNKNOWN_CALLBACK)
}

fn authenticate(body: Body) -> Result<&'static Persona, Rejection> {
    let Json(credentials) = body.map_err(|rejection| Rejection::of_body(&rejection))?;
    Persona::authenticate(&credentials.username, &credentials.password)
        .ok_or(Rejection::WRONG_PASSWORD)
}
