//! The problems of forms in the query of a redirect: `problem=too-many-attempts&retry_after=34`.

use app::model::FormProblem;

use super::http::query_param;

const PROBLEM: &str = "problem";
const RETRY_AFTER: &str = "retry_after";

/// The wait that a page names if the query has none, in seconds.
const DEFAULT_WAIT: u64 = 60;

/// The words of all problems, except for those that name a wait.
const WORDS: [(&str, FormProblem); 14] = [
    ("wrong-credentials", FormProblem::WrongCredentials),
    ("email-unverified", FormProblem::EmailUnverified),
    ("no-cookies", FormProblem::NoCookies),
    ("provider-denied", FormProblem::ProviderDenied),
    ("provider-expired", FormProblem::ProviderExpired),
    ("provider-misconfigured", FormProblem::ProviderMisconfigured),
    ("provider-other-domain", FormProblem::ProviderOtherDomain),
    ("provider-unavailable", FormProblem::ProviderUnavailable),
    ("provider-failed", FormProblem::ProviderFailed),
    ("registration-closed", FormProblem::RegistrationClosed),
    ("account-disabled", FormProblem::AccountDisabled),
    ("identity-taken", FormProblem::IdentityTaken),
    ("last-sign-in-method", FormProblem::LastSignInMethod),
    ("sign-in-again", FormProblem::SignInAgain),
];
const TOO_MANY_ATTEMPTS: &str = "too-many-attempts";
const BUSY: &str = "busy";

/// The query parameters of a problem.
pub fn to_query(problem: FormProblem) -> Vec<(&'static str, String)> {
    let word = word(problem);
    let mut pairs = vec![(PROBLEM, word.to_owned())];
    if let FormProblem::TooManyAttempts {
        retry_after_seconds,
    }
    | FormProblem::Busy {
        retry_after_seconds,
    } = problem
    {
        pairs.push((RETRY_AFTER, retry_after_seconds.to_string()));
    }
    pairs
}

/// The word of a problem.
pub fn word(problem: FormProblem) -> &'static str {
    match problem {
        FormProblem::TooManyAttempts { .. } => TOO_MANY_ATTEMPTS,
        FormProblem::Busy { .. } => BUSY,
        _ => {
            let known = WORDS.iter().find(|(_, other)| *other == problem);
            known.map_or("", |(word, _)| word)
        }
    }
}

/// The problem in a query; `None` if there is none or it is unknown.
pub fn from_query(query: &str) -> Option<FormProblem> {
    let word = query_param(query, PROBLEM)?;
    let wait = || query_param(query, RETRY_AFTER)?.parse().ok();
    let retry_after_seconds = || wait().unwrap_or(DEFAULT_WAIT);
    match word.as_ref() {
        TOO_MANY_ATTEMPTS => Some(FormProblem::TooManyAttempts {
            retry_after_seconds: retry_after_seconds(),
        }),
        BUSY => Some(FormProblem::Busy {
            retry_after_seconds: retry_after_seconds(),
        }),
        word => {
            let known = WORDS.iter().find(|(other, _)| *other == word);
            known.map(|(_, problem)| *problem)
        }
    }
}

#[cfg(test)]
mod tests {
    use url::form_urlencoded;

    use super::*;

    #[test]
    fn every_problem_survives_the_query() {
        let waits = [34, 1].map(|retry_after_seconds| {
            [
                FormProblem::TooManyAttempts {
                    retry_after_seconds,
                },
                FormProblem::Busy {
                    retry_after_seconds,
                },
            ]
        });
        let all = WORDS.iter().map(|(_, problem)| *problem);
        for problem in all.chain(waits.into_iter().flatten()) {
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(to_query(problem))
                .finish();
            assert_eq!(from_query(&query), Some(problem), "{query}");
        }
    }

    #[test]
    fn an_unknown_problem_is_none() {
        for query in ["", "problem=", "problem=unknown", "other=busy"] {
            assert_eq!(from_query(query), None, "{query}");
        }
    }
}
