//! Why sign-ins through providers fail: one table for the pages, the log and `docs/log-messages.md`.

use app::model::FormProblem;

use super::ProviderError;
use crate::metrics::METRICS;

/// Why a sign-in through a provider has failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The user or the provider denied it.
    Denied,
    /// The user took too long, or came back twice.
    Expired,
    /// The provider is down or too slow, or its response is malformed.
    Unavailable,
    /// The settings here and at the provider do not fit together, so that no attempt can succeed.
    Misconfigured,
    /// The response identifies no user.
    Rejected,
    /// The account is not one of the domains that may sign in.
    OtherDomain,
    /// There is no account, and visitors may not create one.
    RegistrationClosed,
    /// The account here is disabled.
    AccountDisabled,
}

/// What a cause means to the visitor and to the operator.
#[derive(Clone, Copy, Debug)]
pub struct Explanation {
    pub cause: Cause,
    /// What the visitor's page says.
    pub problem: FormProblem,
    /// What the log says.
    pub message: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// What the operator can do.
    pub action: &'static str,
}

/// Every cause.
pub const CAUSES: [Explanation; 8] = [
    Explanation {
        cause: Cause::Denied,
        problem: FormProblem::ProviderDenied,
        message: "the sign-in was denied at the provider",
        meaning: "The user canceled, or the provider does not let this user in. `error` has the provider's code.",
        action: "Nothing, unless it concerns many users: then check who may use the client at the provider.",
    },
    Explanation {
        cause: Cause::Expired,
        problem: FormProblem::ProviderExpired,
        message: "the sign-in took too long",
        meaning: "The user stayed on the provider's page for too long, or loaded a response that was used before.",
        action: "Nothing: the user is asked to try again.",
    },
    Explanation {
        cause: Cause::Unavailable,
        problem: FormProblem::ProviderUnavailable,
        message: "the provider cannot be used at the moment",
        meaning: "It is down, too slow, cannot be reached over TLS, or sends what is no valid response.",
        action: "Look at `error`. If it lasts, open the provider's discovery document from this machine.",
    },
    Explanation {
        cause: Cause::Misconfigured,
        problem: FormProblem::ProviderMisconfigured,
        message: "the settings here and at the provider do not fit together",
        meaning: "No one can sign in like this: the issuer or its document is not where it was looked for, the \
                  client or its secret is wrong, a scope is unknown, or the signature algorithm is not accepted.",
        action: "Correct what `error` names, here or at the provider.",
    },
    Explanation {
        cause: Cause::Rejected,
        problem: FormProblem::ProviderFailed,
        message: "the provider's response does not identify a user",
        meaning: "The response is not from this issuer, not for this sign-in or this client, or wrongly signed.",
        action: "Look at `error`, which names the claim. A single case may be an attack; many are a fault of the \
                 provider.",
    },
    Explanation {
        cause: Cause::OtherDomain,
        problem: FormProblem::ProviderOtherDomain,
        message: "the account at the provider is of another domain",
        meaning: "`OAUTH_…_DOMAINS` is set, and the account's verified address is not in one of these domains.",
        action: "Nothing, or add the domain.",
    },
    Explanation {
        cause: Cause::RegistrationClosed,
        problem: FormProblem::RegistrationClosed,
        message: "a new user came from a provider, and registration is closed",
        meaning: "`LATCHKEY_REGISTRATION=closed` holds for providers as well.",
        action: "Nothing, or open registration; `OAUTH_…_DOMAINS` limits who may come.",
    },
    Explanation {
        cause: Cause::AccountDisabled,
        problem: FormProblem::AccountDisabled,
        message: "the user of a provider's account is disabled here",
        meaning: "The provider's account is linked to a user who has been disabled.",
        action: "Nothing.",
    },
];

/// Codes of authorization and token endpoints, and what they mean (RFC 6749, sections 4.1.2.1 and 5.2, OpenID
/// Connect Core, section 3.1.2.6, and those of single providers).
const CODES: [(&str, Cause); 26] = [
    ("access_denied", Cause::Denied),
    ("user_cancelled_authorize", Cause::Denied),
    ("user_cancelled_login", Cause::Denied),
    ("login_required", Cause::Denied),
    ("consent_required", Cause::Denied),
    ("interaction_required", Cause::Denied),
    ("authentication_expired", Cause::Expired),
    ("temporarily_unavailable", Cause::Unavailable),
    ("server_error", Cause::Unavailable),
    ("slow_down", Cause::Unavailable),
    ("invalid_request", Cause::Misconfigured),
    ("invalid_scope", Cause::Misconfigured),
    ("invalid_client", Cause::Misconfigured),
    ("invalid_target", Cause::Misconfigured),
    ("unauthorized_client", Cause::Misconfigured),
    ("unsupported_response_type", Cause::Misconfigured),
    ("unsupported_grant_type", Cause::Misconfigured),
    ("invalid_request_uri", Cause::Misconfigured),
    ("invalid_request_object", Cause::Misconfigured),
    ("request_not_supported", Cause::Misconfigured),
    ("request_uri_not_supported", Cause::Misconfigured),
    ("registration_not_supported", Cause::Misconfigured),
    ("redirect_uri_mismatch", Cause::Misconfigured),
    ("incorrect_client_credentials", Cause::Misconfigured),
    ("invalid_grant", Cause::Rejected),
    ("bad_verification_code", Cause::Rejected),
];

impl Cause {
    /// What a provider's error code means; a code that is not known says only that there is no user.
    pub(super) fn of_code(code: &str) -> Self {
        Self::of_known_code(code).unwrap_or(Self::Rejected)
    }

    /// What a provider's error code means, if it is known.
    pub(super) fn of_known_code(code: &str) -> Option<Self> {
        let known = CODES.iter().find(|(known, _)| *known == code);
        known.map(|(_, cause)| *cause)
    }

    /// Counts and logs that a sign-in failed, in the words of the table.
    pub fn log(self, provider: &str, error: Option<&ProviderError>) {
        METRICS.sign_in("provider", self.word());
        let error = error.map(tracing::field::display);
        let message = self.explanation().message;
        tracing::warn!(
            provider,
            error,
            "the sign-in through a provider failed: {message}"
        );
    }

    /// The word of the metrics.
    fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Expired => "expired",
            Self::Unavailable => "unavailable",
            Self::Misconfigured => "misconfigured",
            Self::Rejected => "rejected",
            Self::OtherDomain => "other_domain",
            Self::RegistrationClosed => "registration_closed",
            Self::AccountDisabled => "disabled",
        }
    }

    /// What this means to visitor and operator.
    pub fn explanation(self) -> Explanation {
        let known = CAUSES.iter().find(|known| known.cause == self);
        *known.unwrap_or(&CAUSES[0])
    }
}

#[cfg(test)]
mod tests;
