//! `POST /login?projectId=…&login_url=…`: exchanges username and password for the callback's URL with
//! `?token=<user JWT>`. `with_logout` and `locale` are accepted and ignored.

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::refusal::Refusal;
use crate::parameters::Parameters;
use crate::xsolla::callbacks::with_query;
use crate::xsolla::exchanges::Call;
use crate::xsolla::personas::Persona;
use crate::xsolla::user_token::{self, Flow};
use crate::xsolla::{Xsolla, failures};

/// The members that the vendor's SDK sends; others are ignored.
#[derive(Deserialize)]
pub(super) struct Credentials {
    username: String,
    password: String,
}

pub(super) async fn log_in(
    State(xsolla): State<Xsolla>,
    RawQuery(query): RawQuery,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Response {
    let failure = xsolla.settings().api;
    if let Some(failed) = failures::instead_of_reading(&xsolla, failure).await {
        xsolla.record(Call::Login, "forced_failure", None);
        return failed;
    }
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let (persona, callback) = match authenticate(&xsolla, &parameters, body) {
        Ok(authenticated) => authenticated,
        Err(refusal) => {
            xsolla.record(Call::Login, refusal.code, None);
            return refusal.into_response();
        }
    };
    let payload = parameters.get("payload");
    let token = user_token::claims(&xsolla, persona, &Flow::Jwt { payload })
        .and_then(|claims| xsolla.mint(claims));
    match token.and_then(|token| with_query(callback, &[("token", &token)])) {
        Ok(address) => {
            let answer = json!({ "login_url": address });
            let (outcome, response) = failures::spoil_or_send(failure, &answer);
            xsolla.record(Call::Login, outcome, Some(persona));
            response
        }
        Err(error) => failures::internal(&error),
    }
}

fn authenticate<'a>(
    xsolla: &Xsolla,
    parameters: &'a Parameters,
    body: Result<Json<Credentials>, JsonRejection>,
) -> Result<(&'static Persona, &'a str), Refusal> {
    if parameters.get("projectId") != Some(xsolla.project_id()) {
        return Err(Refusal::UNKNOWN_PROJECT);
    }
    let callback = parameters.get("login_url");
    let callback = callback.ok_or(Refusal::AMBIGUOUS_CALLBACK)?;
    if !xsolla.callbacks().contain(callback) {
        return Err(Refusal::UNKNOWN_CALLBACK);
    }
    let Json(credentials) = body.map_err(|rejection| Refusal::of_body(&rejection))?;
    let persona = Persona::authenticate(&credentials.username, &credentials.password);
    Ok((persona.ok_or(Refusal::WRONG_PASSWORD)?, callback))
}
