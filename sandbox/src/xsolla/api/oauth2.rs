//! `POST /oauth2/token`: exchanges a code for an access token, which is the user JWT, or the client's
//! credentials for a server JWT (RFC 6749, sections 4.1.3 and 4.4.2). Errors are those of section 5.2.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::headers::announces;
use crate::parameters::Parameters;
use crate::xsolla::codes::InvalidGrant;
use crate::xsolla::exchanges::Call;
use crate::xsolla::personas::Persona;
use crate::xsolla::user_token::{self, Flow};
use crate::xsolla::{Xsolla, failures, server_token};

/// An error code with a description.
struct Rejected(&'static str, &'static str);

/// Whom a token is for: a user, or the project's own server.
type Bearer = Option<&'static Persona>;

pub(super) async fn token(
    State(xsolla): State<Xsolla>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let failure = xsolla.settings().api;
    if let Some(failed) = failures::instead_of_reading(&xsolla, failure).await {
        xsolla.record(Call::Token, "forced_failure", None);
        return failed;
    }
    let bearer = match redeem(&xsolla, &headers, body) {
        Ok(bearer) => bearer,
        Err(refused) => {
            xsolla.record(Call::Token, refused.0, None);
            return refused.into_response();
        }
    };
    match tokens_for(&xsolla, bearer) {
        Ok(body) => {
            let (outcome, response) = failures::spoil_or_send(failure, &body);
            xsolla.record(Call::Token, outcome, bearer);
            response
        }
        Err(error) => failures::internal(&error),
    }
}

fn redeem(
    xsolla: &Xsolla,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bearer, Rejected> {
    if !announces(headers, "application/x-www-form-urlencoded") {
        return Err(Rejected("invalid_request", "The body must be a form."));
    }
    let too_large = "Request body too large.";
    let body = body.map_err(|_| Rejected("invalid_request", too_large))?;
    let parameters = Parameters::parse(&body);
    if parameters.repeated().is_some() {
        return Err(Rejected("invalid_request", "A parameter came twice."));
    }
    authenticate(xsolla, &parameters)?;
    match parameters.get("grant_type") {
        Some("authorization_code") => {}
        Some("client_credentials") => return Ok(None),
        Some(_) => {
            return Err(Rejected(
                "unsupported_grant_type",
                "This grant is not offered.",
            ));
        }
        None => return Err(Rejected("invalid_request", "grant_type is missing.")),
    }
    let required = |name, missing| {
        parameters
            .get(name)
            .ok_or(Rejected("invalid_request", missing))
    };
    let code = required("code", "code is missing.")?;
    let redirect_uri = required("redirect_uri", "redirect_uri is missing.")?;
    let redeemed = xsolla.redeem(code, redirect_uri, parameters.get("code_verifier"));
    redeemed
        .map(Some)
        .map_err(|InvalidGrant(reason)| Rejected("invalid_grant", reason))
}

fn authenticate(xsolla: &Xsolla, parameters: &Parameters) -> Result<(), Rejected> {
    let secret = parameters.get("client_secret").unwrap_or_default();
    let is_right = xsolla.client_secret().is(secret);
    if parameters.get("client_id") == Some(xsolla.client_id()) && is_right {
        return Ok(());
    }
    Err(Rejected(
        "invalid_client",
        "The client or its secret is wrong.",
    ))
}

fn tokens_for(xsolla: &Xsolla, bearer: Bearer) -> anyhow::Result<Value> {
    let (access_token, expires_in) = match bearer {
        Some(persona) => {
            let claims = user_token::claims(xsolla, persona, &Flow::OAuth)?;
            (
                xsolla.mint(claims)?,
                xsolla.settings().lifetime_seconds.into(),
            )
        }
        None => (server_token::issue(xsolla)?, server_token::LIFETIME_SECONDS),
    };
    Ok(json!({
        "access_token": access_token,
        "token_type": "bearer",
        "expires_in": expires_in,
    }))
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        let Self(error, description) = self;
        let status = match error {
            "invalid_client" => StatusCode::UNAUTHORIZED,
            _ => StatusCode::BAD_REQUEST,
        };
        let body = json!({ "error": error, "error_description": description });
        (status, [(CACHE_CONTROL, "no-store")], Json(body)).into_response()
    }
}
