//! The documents that the provider publishes: its metadata (OpenID Connect Discovery 1.0, RFC 8414)
//! and its keys (RFC 7517).

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::failures;
use super::settings::{DiscoveryFailure, JwksFailure};
use super::state::Sso;

/// The issuer that the provider names instead of itself when a fault says so.
pub(super) const OTHER_ISSUER: &str = "https://other-issuer.example";

pub(super) fn router() -> Router<Sso> {
    Router::new()
        .route("/sso/.well-known/openid-configuration", get(discovery))
        .route("/sso/jwks", get(jwks))
}

async fn discovery(State(sso): State<Sso>) -> Response {
    sso.count(|calls| &mut calls.discovery);
    let mut document = document(&sso);
    match sso.settings().discovery {
        DiscoveryFailure::None => {}
        DiscoveryFailure::Unavailable => return failures::unavailable(),
        DiscoveryFailure::Slow => sso.delay().await,
        DiscoveryFailure::Malformed => return failures::malformed(&document),
        DiscoveryFailure::Huge => return failures::huge(&document),
        DiscoveryFailure::Redirect => return failures::redirect_to_other_host(&sso),
        DiscoveryFailure::WrongIssuer => document["issuer"] = OTHER_ISSUER.into(),
        DiscoveryFailure::TokenEndpointElsewhere => {
            document["token_endpoint"] = sso.other_host().into();
        }
    }
    Json(document).into_response()
}

fn document(sso: &Sso) -> Value {
    let issuer = sso.issuer();
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/userinfo"),
        "jwks_uri": format!("{issuer}/jwks"),
        "scopes_supported": ["openid", "profile", "email"],
        "claims_supported": [
            "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash",
            "name", "picture", "email", "email_verified",
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    })
}

async fn jwks(State(sso): State<Sso>) -> Response {
    sso.count(|calls| &mut calls.jwks);
    let keys = json!(sso.public_keys());
    match sso.settings().jwks {
        JwksFailure::None => {}
        JwksFailure::Unavailable => return failures::unavailable(),
        JwksFailure::Slow => sso.delay().await,
        JwksFailure::Malformed => return failures::malformed(&keys),
        JwksFailure::Huge => return failures::huge(&keys),
        JwksFailure::Redirect => return failures::redirect_to_other_host(&sso),
        JwksFailure::Empty => return Json(json!({ "keys": [] })).into_response(),
    }
    Json(keys).into_response()
}
