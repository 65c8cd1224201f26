//! `GET|POST /sso/userinfo`: the claims about the user of an access token (OpenID Connect Core 1.0,
//! section 5.3), which comes in the `Authorization` header (RFC 6750, section 2.1).

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::failures;
use super::log::Step;
use super::settings::UserinfoFailure;
use super::state::Sso;
use crate::headers::bearer;

/// The `sub` that some faults put in place of the right one.
pub(super) const OTHER_USER: &str = "another-user";

pub(super) fn router() -> Router<Sso> {
    Router::new().route("/sso/userinfo", get(respond).post(respond))
}

async fn respond(State(sso): State<Sso>, headers: HeaderMap) -> Response {
    sso.count(|calls| &mut calls.userinfo);
    let refuse = |outcome, challenge: &'static str| {
        sso.record(Step::Userinfo, outcome, None);
        (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, challenge)]).into_response()
    };
    let Some(token) = bearer(&headers) else {
        return refuse("missing_token", r#"Bearer realm="userinfo""#);
    };
    let Some(grant) = sso.grant_of(token) else {
        let challenge = r#"Bearer realm="userinfo", error="invalid_token""#;
        return refuse("invalid_token", challenge);
    };
    let failure = sso.settings().userinfo;
    let outcome = match failure {
        UserinfoFailure::None | UserinfoFailure::Slow => "ok",
        _ => "forced_failure",
    };
    sso.record(Step::Userinfo, outcome, Some(grant.persona.sub));
    let mut claims = Value::Object(sso.claims(&grant));
    match failure {
        UserinfoFailure::None => {}
        UserinfoFailure::ServerError => return failures::server_error(),
        UserinfoFailure::Slow => sso.delay().await,
        UserinfoFailure::Huge => return failures::huge(&claims),
        UserinfoFailure::SubOther => claims["sub"] = OTHER_USER.into(),
        UserinfoFailure::GarbageJwt => {
            let jwt = "eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.bm90IGEgc2lnbmF0dXJl";
            return ([(CONTENT_TYPE, "application/jwt")], jwt).into_response();
        }
    }
    ([(CACHE_CONTROL, "no-store")], Json(claims)).into_response()
}
