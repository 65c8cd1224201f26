//! Answers forms with a redirect, so that Reload and Back never send a form again; the next page shows what was
//! typed and what is wrong with it ("flash").
//!
//! The cause is in the redirect's query. Typed values and the problems of fields are in a cookie, encrypted under a
//! key in the query: nothing is stored on the server, and any server of a deployment can render the page.

use std::collections::BTreeMap;

use app::model::{FieldProblem, FormProblem, Page};
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header::ACCEPT, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::{Cookie, SameSite};

use super::{Pages, problems};
use crate::{
    accounts::ServiceError,
    http::{cookies, set_cookie, set_retry_after},
    random, seal,
    web::http::{HttpError, query_param, with_query_param},
};

const COOKIE: &str = "__Host-latchkey-form";

/// How long a browser keeps the values of a form.
const LIFETIME: time::Duration = time::Duration::minutes(10);

/// The longest encrypted text; browsers accept cookies of 4,096 bytes with name and attributes.
const MAX_LENGTH: usize = 3_500;

/// The query parameter with the key of the cookie.
const KEY: &str = "form";

/// The `Retry-After`, in seconds, when the hashing queue is full.
const BUSY_SECONDS: u64 = 2;

/// What a page shows of a form that was just sent. Holds no password.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub struct Flash {
    problem: Option<FormProblem>,
    values: BTreeMap<String, String>,
    problems: BTreeMap<String, FieldProblem>,
}

impl Flash {
    /// A form that was accepted and whose values the next page shows.
    pub fn of_value(name: &str, value: &str) -> Self {
        Self::default().with_value(name, value)
    }

    /// Remembers what was typed into a field.
    pub fn with_value(mut self, name: &str, value: &str) -> Self {
        self.values.insert(name.to_owned(), value.to_owned());
        self
    }

    /// What was typed into a field.
    pub fn value(&self, name: &str) -> Option<String> {
        self.values.get(name).cloned()
    }

    /// Why a field was rejected.
    pub fn problem_of(&self, name: &str) -> Option<FieldProblem> {
        self.problems.get(name).copied()
    }

    /// Why the form as a whole was rejected.
    pub fn problem(&self) -> Option<FormProblem> {
        self.problem
    }

    fn from_request(parts: &Parts) -> Self {
        let query = parts.uri.query().unwrap_or_default();
        let key = query_param(query, KEY);
        let kept = key.and_then(|key| Self::unseal(&key, &parts.headers));
        kept.unwrap_or_else(|| Self {
            problem: problems::from_query(query),
            ..Self::default()
        })
    }

    fn unseal(key: &str, headers: &HeaderMap) -> Option<Self> {
        let (_, sealed) = cookies(headers).find(|(name, _)| *name == COOKIE)?;
        serde_json::from_slice(&seal::open(key, COOKIE, sealed)?).ok()
    }

    /// Sets the cookie; returns its key. Values that do not fit are left out, since the problems matter more.
    fn seal(&self, headers: &mut HeaderMap) -> Option<String> {
        let key = random::token();
        let encrypt = |flash: &Self| {
            let sealed = seal::seal(&key, COOKIE, &serde_json::to_vec(flash).ok()?)?;
            (sealed.len() <= MAX_LENGTH).then_some(sealed)
        };
        let sealed = encrypt(self).or_else(|| {
            encrypt(&Self {
                values: BTreeMap::new(),
                ..self.clone()
            })
        })?;
        let cookie = Cookie::build((COOKIE, sealed))
            .path("/")
            .secure(true)
            .http_only(true)
            .same_site(SameSite::Lax)
            .max_age(LIFETIME);
        set_cookie(headers, &cookie.build());
        Some(key)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Flash {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::from_request(parts))
    }
}

/// What a form is answered with: a status for scripts, and what the next page shows.
#[derive(Debug)]
pub struct Outcome {
    status: StatusCode,
    flash: Flash,
}

impl Outcome {
    /// The form was accepted.
    pub fn accepted(flash: Flash) -> Self {
        let status = StatusCode::OK;
        Self { status, flash }
    }

    /// Fields were rejected.
    pub fn rejected_fields<const N: usize>(
        fields: [(&'static str, Option<FieldProblem>); N],
    ) -> Self {
        let problems = fields.into_iter();
        let problems = problems.filter_map(|(name, problem)| Some((name.to_owned(), problem?)));
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            flash: Flash {
                problems: problems.collect(),
                ..Flash::default()
            },
        }
    }

    /// The form as a whole was rejected.
    pub fn rejected(status: StatusCode, problem: FormProblem) -> Self {
        Self {
            status,
            flash: Flash {
                problem: Some(problem),
                ..Flash::default()
            },
        }
    }

    /// The visitor or the server is too busy.
    ///
    /// # Errors
    /// A storage error, which is shown on an error page and not in the form.
    pub fn of_service(error: ServiceError) -> Result<Self, HttpError> {
        match error {
            ServiceError::RateLimited(rate_limited) => {
                let problem = FormProblem::TooManyAttempts {
                    retry_after_seconds: rate_limited.retry_after_seconds(),
                };
                Ok(Self::rejected(StatusCode::TOO_MANY_REQUESTS, problem))
            }
            ServiceError::Overloaded(_) => {
                let problem = FormProblem::Busy {
                    retry_after_seconds: BUSY_SECONDS,
                };
                Ok(Self::rejected(StatusCode::SERVICE_UNAVAILABLE, problem))
            }
            ServiceError::Storage(error) => Err(error.into()),
        }
    }

    /// What the next page will show.
    pub fn flash(&self) -> &Flash {
        &self.flash
    }

    /// Remembers what was typed into a field.
    pub fn with_value(self, name: &str, value: &str) -> Self {
        Self {
            flash: self.flash.with_value(name, value),
            ..self
        }
    }
}

/// Who sent a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormSender {
    /// A page that the browser leaves for the response.
    Page,
    /// A script, which reads status and body.
    Script,
}

impl FormSender {
    fn of(headers: &HeaderMap) -> Self {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let is_page = match text("sec-fetch-mode") {
            Some(mode) => mode == "navigate",
            // Browsers that do not send it ask for HTML when they leave a page.
            None => text(ACCEPT.as_str()).is_some_and(|accept| accept.contains("text/html")),
        };
        if is_page { Self::Page } else { Self::Script }
    }

    /// Redirects a page to `url`, where [`Flash`] has the outcome; renders the page at once for a script.
    pub fn respond(
        self,
        outcome: Outcome,
        url: &str,
        pages: &Pages,
        page: impl FnOnce(&Flash) -> Page,
    ) -> Response {
        let problem = outcome.flash.problem;
        match self {
            Self::Page => redirect(&outcome.flash, url),
            Self::Script => {
                let mut response = pages.respond(outcome.status, page(&outcome.flash));
                if let Some(seconds) = problem.and_then(retry_after_seconds) {
                    set_retry_after(response.headers_mut(), seconds);
                }
                response
            }
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for FormSender {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of(&parts.headers))
    }
}

fn redirect(flash: &Flash, url: &str) -> Response {
    let mut headers = HeaderMap::new();
    let mut url = url.to_owned();
    for (name, value) in flash.problem.map(problems::to_query).unwrap_or_default() {
        url = with_query_param(&url, name, &value);
    }
    if let Some(key) = flash.seal(&mut headers) {
        url = with_query_param(&url, KEY, &key);
    }
    (headers, Redirect::to(&url)).into_response()
}

fn retry_after_seconds(problem: FormProblem) -> Option<u64> {
    match problem {
        FormProblem::TooManyAttempts {
            retry_after_seconds,
        }
        | FormProblem::Busy {
            retry_after_seconds,
        } => Some(retry_after_seconds),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
