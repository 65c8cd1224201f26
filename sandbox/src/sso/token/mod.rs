//! `POST /sso/token`: exchanges an authorization code for an ID token and an access token
//! (RFC 6749, section 4.1.3; OpenID Connect Core 1.0, section 3.1.3).

mod client;
mod rejection;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::CACHE_CONTROL;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};

use self::rejection::Rejection;
use super::grants::{Grant, InvalidGrant, TOKEN_SECONDS};
use super::log::Step;
use super::settings::TokenFailure;
use super::state::Sso;
use super::{failures, id_token};
use crate::headers::announces;
use crate::parameters::Parameters;
use crate::random::random;

pub(super) fn router() -> Router<Sso> {
    Router::new().route("/sso/token", post(exchange))
}

async fn exchange(State(sso): State<Sso>, headers: HeaderMap, body: Bytes) -> Response {
    sso.count(|calls| &mut calls.token);
    let failure = sso.settings().token;
    if failure == TokenFailure::Slow {
        sso.delay().await;
    }
    if let Some(forced) = instead_of_reading(&sso, failure) {
        sso.record(Step::Token, "forced_failure", None);
        return forced;
    }
    let (grant, access_token) = match redeem(&sso, &headers, &body) {
        Ok(redeemed) => redeemed,
        Err(rejection) => {
            sso.record(Step::Token, rejection.error, None);
            return rejection.into_response();
        }
    };
    let tokens = match tokens(&sso, &grant, &access_token) {
        Ok(tokens) => tokens,
        Err(error) => return failures::internal(&error),
    };
    let spoiled = match failure {
        TokenFailure::Malformed => Some(failures::malformed(&tokens)),
        TokenFailure::Huge => Some(failures::huge(&tokens)),
        _ => None,
    };
    let outcome = spoiled.as_ref().map_or("ok", |_| "forced_failure");
    sso.record(Step::Token, outcome, Some(grant.persona.sub));
    spoiled.unwrap_or_else(|| ([(CACHE_CONTROL, "no-store")], Json(tokens)).into_response())
}

/// Failures that do not depend on the request.
fn instead_of_reading(sso: &Sso, failure: TokenFailure) -> Option<Response> {
    match failure {
        TokenFailure::ServerError => Some(failures::server_error()),
        TokenFailure::InvalidGrant => {
            Some(Rejection::invalid_grant("The code is unknown.").into_response())
        }
        TokenFailure::InvalidClient => Some(Rejection::invalid_client().into_response()),
        TokenFailure::Redirect => Some(failures::redirect_to_other_host(sso)),
        _ => None,
    }
}

fn redeem(sso: &Sso, headers: &HeaderMap, body: &[u8]) -> Result<(Grant, String), Rejection> {
    if !announces(headers, "application/x-www-form-urlencoded") {
        return Err(Rejection::invalid_request("The body must be a form."));
    }
    let parameters = Parameters::parse(body);
    if parameters.repeated().is_some() {
        return Err(Rejection::invalid_request("A parameter came twice."));
    }
    client::authenticate(sso, headers, &parameters)?;
    match parameters.get("grant_type") {
        Some("authorization_code") => {}
        Some(_) => return Err(Rejection::unsupported_grant_type()),
        None => return Err(Rejection::invalid_request("grant_type is missing.")),
    }
    let required = |name| parameters.get(name).ok_or_else(|| Rejection::missing(name));
    let (code, redirect_uri) = (required("code")?, required("redirect_uri")?);
    let code_verifier = required("code_verifier")?;
    if !(43..=128).contains(&code_verifier.len()) {
        return Err(Rejection::invalid_request(
            "code_verifier must have 43 to 128 characters.",
        ));
    }
    let access_token = random().map_err(|_| Rejection::server_error())?;
    let redeemed = sso.redeem(code, redirect_uri, code_verifier, &access_token);
    let grant = redeemed.map_err(|InvalidGrant(reason)| Rejection::invalid_grant(reason))?;
    Ok((grant, access_token))
}

fn tokens(sso: &Sso, grant: &Grant, access_token: &str) -> anyhow::Result<Value> {
    let mut tokens = json!({
        "access_token": access_token,
        "token_type": "Bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": grant.scope,
    });
    if let Some(id_token) = id_token::issue(sso, grant, access_token)? {
        tokens["id_token"] = id_token.into();
    }
    Ok(tokens)
}
