//! Errors as responses: a status, a page that explains the problem, and a line in the log.

use app::model::{Page, Problem, ProblemPage};
use axum::{
    body::Body,
    extract::{Request, State},
    http::{
        HeaderValue, StatusCode,
        header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use url::form_urlencoded;

use super::progress::Progress;
use crate::{
    database::StorageError,
    handoff::{FlowError, NextPath},
    http::set_retry_after,
    session::SessionError,
    web::Pages,
};

/// Why a request failed. The cause is logged, and never sent to the client.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// 503: the same request may succeed later.
    #[error("not available: {0}")]
    Unavailable(String),
    /// 500: an error in the server.
    #[error("internal: {0}")]
    Internal(String),
    /// The request is rejected; the page says why.
    #[error("refused: {0:?}")]
    Rejected(Problem),
}

impl From<StorageError> for HttpError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Unavailable(cause) => Self::Unavailable(cause.to_string()),
            StorageError::InvalidText => Self::Rejected(Problem::BadRequest),
            StorageError::Failed(cause) => Self::Internal(cause.to_string()),
        }
    }
}

impl From<SessionError> for HttpError {
    fn from(error: SessionError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<FlowError> for HttpError {
    fn from(error: FlowError) -> Self {
        match error {
            FlowError::UnknownChatBox => Self::Rejected(Problem::UnknownChatBox),
            FlowError::OpenerNotAllowed => Self::Rejected(Problem::OpenerNotAllowed),
            FlowError::Storage(error) => error.into(),
        }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let problem = match &self {
            Self::Unavailable(cause) => {
                tracing::error!(cause, "a request failed because a service is unavailable");
                Problem::Unavailable
            }
            Self::Internal(cause) => {
                tracing::error!(cause, "a request failed");
                Problem::Internal
            }
            Self::Rejected(problem) => *problem,
        };
        let mut response = status(problem).into_response();
        response.extensions_mut().insert(Unrendered(problem));
        if problem == Problem::Unavailable {
            set_retry_after(response.headers_mut(), 2);
        }
        response
    }
}

/// Why a page for signed-in users cannot be shown.
#[derive(Debug)]
pub enum SignedOut {
    /// No user is signed in: redirects to this URL of the login page.
    LoginPage(String),
    Error(HttpError),
}

impl SignedOut {
    /// Redirects to the login page, and afterwards back to the requested page if it is a [`NextPath`] and was
    /// requested by a safe method.
    pub fn at(parts: &Parts) -> Self {
        let next = NextPath::parse(parts.uri.path()).filter(|_| parts.method.is_safe());
        let query = next.map(|next| {
            form_urlencoded::Serializer::new(String::new())
                .append_pair("next", next.as_str())
                .finish()
        });
        Self::LoginPage(
            query.map_or_else(|| "/login".to_owned(), |query| format!("/login?{query}")),
        )
    }
}

impl<E: Into<HttpError>> From<E> for SignedOut {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

impl IntoResponse for SignedOut {
    fn into_response(self) -> Response {
        match self {
            Self::LoginPage(login) => Redirect::to(&login).into_response(),
            Self::Error(error) => error.into_response(),
        }
    }
}

/// Marks a response whose error page has not been rendered yet.
#[derive(Clone, Copy)]
struct Unrendered(Problem);

/// Middleware that renders an error page for error responses, including those of axum and its layers.
pub async fn render_problems(State(pages): State<Pages>, request: Request, next: Next) -> Response {
    let progress = request.extensions().get::<Progress>().cloned();
    let response = next.run(request).await;
    let unrendered = response
        .extensions()
        .get::<Unrendered>()
        .map(|unrendered| unrendered.0);
    let Some(problem) = unrendered.or_else(|| bare_problem(&response)) else {
        return response;
    };
    let page = ProblemPage {
        problem,
        request_id: progress.map(|progress| progress.id().to_owned()),
    };
    let mut rendered = pages.respond(response.status(), Page::Problem(page));
    for (name, value) in response.headers() {
        if [RETRY_AFTER, ALLOW, SET_COOKIE].contains(name) {
            rendered.headers_mut().append(name, value.clone());
        }
    }
    rendered
}

/// The sessions' middleware saves a changed session once more after the handler has done so. If the store fails then, it
/// replaces the response by an empty one with 500; this says that the store is not available.
pub fn session_not_saved(response: Response) -> Response {
    let is_bare =
        response.headers().is_empty() && response.extensions().get::<Unrendered>().is_none();
    if is_bare && response.status() == StatusCode::INTERNAL_SERVER_ERROR {
        return HttpError::Unavailable("a session cannot be saved".to_owned()).into_response();
    }
    response
}

/// Gives error responses of endpoints a body in the format of the vendors' samples, `{"status":…}`, unless
/// they have one already.
pub fn write_problems(response: Response) -> Response {
    let unrendered = response
        .extensions()
        .get::<Unrendered>()
        .map(|unrendered| unrendered.0);
    let Some(problem) = unrendered.or_else(|| bare_problem(&response)) else {
        return response;
    };
    let word = match problem {
        Problem::Forbidden | Problem::OpenerNotAllowed => "forbidden",
        Problem::NotFound | Problem::UnknownChatBox => "not_found",
        Problem::TooManyRequests => "rate_limited",
        Problem::BadRequest | Problem::SignInExpired | Problem::NoCookies | Problem::TooLarge => {
            "bad_request"
        }
        Problem::Unavailable | Problem::Internal => "server_error",
    };
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(CONTENT_LENGTH);
    parts
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Response::from_parts(parts, Body::from(format!(r#"{{"status":"{word}"}}"#)))
}

/// The problem for the status of an error response that has no body, or one in plain text.
fn bare_problem(response: &Response<Body>) -> Option<Problem> {
    let is_text = response
        .headers()
        .get(CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if !is_text {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Problem::NotFound),
        StatusCode::FORBIDDEN => Some(Problem::Forbidden),
        StatusCode::PAYLOAD_TOO_LARGE | StatusCode::URI_TOO_LONG => Some(Problem::TooLarge),
        StatusCode::TOO_MANY_REQUESTS => Some(Problem::TooManyRequests),
        status if status.is_client_error() => Some(Problem::BadRequest),
        StatusCode::SERVICE_UNAVAILABLE => Some(Problem::Unavailable),
        status if status.is_server_error() => Some(Problem::Internal),
        _ => None,
    }
}

fn status(problem: Problem) -> StatusCode {
    match problem {
        Problem::NotFound | Problem::UnknownChatBox => StatusCode::NOT_FOUND,
        Problem::OpenerNotAllowed | Problem::Forbidden => StatusCode::FORBIDDEN,
        Problem::BadRequest | Problem::SignInExpired | Problem::NoCookies => {
            StatusCode::BAD_REQUEST
        }
        Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Problem::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
        Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Problem::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
