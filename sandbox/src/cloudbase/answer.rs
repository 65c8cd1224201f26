//! Responses of the gateway. Each carries, as an extension, what is recorded about the call.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::outcome::Outcome;
use super::users::User;

/// What is recorded about a call.
#[derive(Debug, Clone)]
pub(super) struct Note {
    pub(super) outcome: Outcome,
    pub(super) user: Option<User>,
}

/// A successful response: its JSON, and the user it is about.
pub(super) struct Answer {
    pub(super) body: Value,
    pub(super) user: Option<User>,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let note = Note {
            outcome: Outcome::Ok,
            user: self.user,
        };
        with_note(Json(self.body), note)
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let refusal = self.refusal();
        let body = Json(json!({
            "error": refusal.error,
            "error_code": refusal.code,
            "error_description": refusal.description,
        }));
        let note = Note {
            outcome: self,
            user: None,
        };
        with_note((refusal.status, body), note)
    }
}

fn with_note(answer: impl IntoResponse, note: Note) -> Response {
    let mut response = answer.into_response();
    response.extensions_mut().insert(note);
    response
}
