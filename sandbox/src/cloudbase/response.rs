//! Responses of the gateway. Each carries, as an extension, what is recorded about the call.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::users::User;

/// What is recorded about a call.
#[derive(Debug, Clone)]
pub(super) struct CallRecord {
    pub(super) outcome: Outcome,
    pub(super) user: Option<User>,
}

/// A successful response: its JSON, and the user it is about.
pub(super) struct ApiResponse {
    pub(super) body: Value,
    pub(super) user: Option<User>,
}

impl IntoResponse for ApiResponse {
    fn into_response(self) -> Response {
        let note = CallRecord {
            outcome: Outcome::Ok,
            user: self.user,
        };
        with_record(Json(self.body), note)
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let rejection = self.rejection();
        let body = Json(json!({
            "error": rejection.error,
            "error_code": rejection.code,
            "error_description": rejection.description,
        }));
        let note = CallRecord {
            outcome: self,
            user: None,
        };
        with_record((rejection.status, body), note)
    }
}

fn with_record(content: impl IntoResponse, note: CallRecord) -> Response {
    let mut response = content.into_response();
    response.extensions_mut().insert(note);
    response
}
