//! What the forms of accounts share: errors as form problems with a status, and notices from the query.

use app::model::{FormProblem, Notice};
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{accounts::ServiceError, http::set_retry_after, web::http::HttpError};

/// The `Retry-After`, in seconds, when the hashing queue is full.
const BUSY_SECONDS: u64 = 2;

/// The status and the problem with which a form shows an error.
///
/// # Errors
/// A storage error, which is shown on an error page and not in the form.
pub fn form_problem(error: ServiceError) -> Result<(StatusCode, FormProblem), HttpError> {
    match error {
        ServiceError::RateLimited(rate_limited) => {
            let retry_after_seconds = rate_limited.retry_after_seconds();
            Ok((
                StatusCode::TOO_MANY_REQUESTS,
                FormProblem::TooManyAttempts {
                    retry_after_seconds,
                },
            ))
        }
        ServiceError::Overloaded(_) => {
            let problem = FormProblem::Busy {
                retry_after_seconds: BUSY_SECONDS,
            };
            Ok((StatusCode::SERVICE_UNAVAILABLE, problem))
        }
        ServiceError::Storage(error) => Err(error.into()),
    }
}

/// Adds `Retry-After` to a response if the form may be sent again later.
pub fn with_retry_after(mut response: Response, problem: Option<FormProblem>) -> Response {
    if let Some(
        FormProblem::TooManyAttempts {
            retry_after_seconds,
        }
        | FormProblem::Busy {
            retry_after_seconds,
        },
    ) = problem
    {
        set_retry_after(response.headers_mut(), retry_after_seconds);
    }
    response
}

/// The query parameters with which a redirect tells the next page what has just happened.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct NoticeParam {
    notice: Option<String>,
    problem: Option<String>,
}

/// The words for problems in the query of a redirect.
const PROBLEMS: [(&str, FormProblem); 11] = [
    ("provider-denied", FormProblem::ProviderDenied),
    ("provider-expired", FormProblem::ProviderExpired),
    ("provider-unavailable", FormProblem::ProviderUnavailable),
    ("provider-misconfigured", FormProblem::ProviderMisconfigured),
    ("provider-other-domain", FormProblem::ProviderOtherDomain),
    ("provider-failed", FormProblem::ProviderFailed),
    ("registration-closed", FormProblem::RegistrationClosed),
    ("account-disabled", FormProblem::AccountDisabled),
    ("identity-taken", FormProblem::IdentityTaken),
    ("last-sign-in-method", FormProblem::LastSignInMethod),
    ("sign-in-again", FormProblem::SignInAgain),
];

/// The word for a problem in the query of a redirect; empty if the problem has none.
pub fn problem_word(problem: FormProblem) -> &'static str {
    let known = PROBLEMS.iter().find(|(_, other)| *other == problem);
    known.map_or("", |(word, _)| word)
}

impl NoticeParam {
    /// The notice; `None` if the word is missing or unknown.
    pub(super) fn notice(&self) -> Option<Notice> {
        match self.notice.as_deref()? {
            "email-confirmed" => Some(Notice::EmailVerified),
            "password-reset" => Some(Notice::PasswordReset),
            "signed-out" => Some(Notice::SignedOut),
            "profile-saved" => Some(Notice::ProfileSaved),
            "password-changed" => Some(Notice::PasswordChanged),
            "account-exists" => Some(Notice::AccountExists),
            "account-linked" => Some(Notice::AccountLinked),
            "account-unlinked" => Some(Notice::AccountUnlinked),
            _ => None,
        }
    }

    /// The problem; `None` if the word is missing or unknown.
    pub(super) fn problem(&self) -> Option<FormProblem> {
        let word = self.problem.as_deref()?;
        let known = PROBLEMS.iter().find(|(other, _)| *other == word);
        known.map(|(_, problem)| *problem)
    }
}
