//! Strings that the server needs outside pages, such as messages of server functions.

use crate::{
    i18n::{Locale, td_string},
    model::{FieldProblem, FormProblem, Notice},
};

/// The name of the product.
pub fn brand(locale: Locale) -> &'static str {
    td_string!(locale, brand.name)
}

/// The message below a rejected field.
pub fn field_problem(locale: Locale, problem: FieldProblem) -> String {
    match problem {
        FieldProblem::Missing => td_string!(locale, field_problem.missing).to_owned(),
        FieldProblem::EmailInvalid => td_string!(locale, field_problem.email_invalid).to_owned(),
        FieldProblem::DisplayNameInvalid => {
            td_string!(locale, field_problem.display_name_invalid).to_owned()
        }
        FieldProblem::DisplayNameTooLong { max } => {
            td_string!(locale, field_problem.display_name_too_long, max = max)
        }
        FieldProblem::PhotoUrlInvalid => {
            td_string!(locale, field_problem.photo_url_invalid).to_owned()
        }
        FieldProblem::PasswordTooShort { min } => {
            td_string!(locale, field_problem.password_too_short, min = min)
        }
        FieldProblem::PasswordTooLong { max } => {
            td_string!(locale, field_problem.password_too_long, max = max)
        }
        FieldProblem::PasswordCommon => {
            td_string!(locale, field_problem.password_common).to_owned()
        }
        FieldProblem::PasswordPredictable => {
            td_string!(locale, field_problem.password_predictable).to_owned()
        }
        FieldProblem::PasswordRepetitive => {
            td_string!(locale, field_problem.password_repetitive).to_owned()
        }
        FieldProblem::CurrentPasswordWrong => {
            td_string!(locale, field_problem.current_password_wrong).to_owned()
        }
        FieldProblem::Unreadable => td_string!(locale, field_problem.unreadable).to_owned(),
    }
}

/// The message above a rejected form.
pub fn form_problem(locale: Locale, problem: FormProblem) -> String {
    match problem {
        FormProblem::WrongCredentials => {
            td_string!(locale, form_problem.wrong_credentials).to_owned()
        }
        FormProblem::EmailUnverified => {
            td_string!(locale, form_problem.email_unverified).to_owned()
        }
        FormProblem::TooManyAttempts {
            retry_after_seconds,
        } if 90 < retry_after_seconds => {
            let minutes = retry_after_seconds.div_ceil(60);
            td_string!(
                locale,
                form_problem.too_many_attempts_minutes,
                minutes = minutes
            )
        }
        FormProblem::TooManyAttempts {
            retry_after_seconds,
        } => {
            let seconds = retry_after_seconds.max(1);
            td_string!(
                locale,
                form_problem.too_many_attempts_seconds,
                seconds = seconds
            )
        }
        FormProblem::Busy {
            retry_after_seconds,
        } => {
            let seconds = retry_after_seconds.max(1);
            td_string!(locale, form_problem.busy, seconds = seconds)
        }
        FormProblem::NoCookies => td_string!(locale, form_problem.no_cookies).to_owned(),
        FormProblem::ProviderDenied => td_string!(locale, form_problem.provider_denied).to_owned(),
        FormProblem::ProviderExpired => {
            td_string!(locale, form_problem.provider_expired).to_owned()
        }
        FormProblem::ProviderMisconfigured => {
            td_string!(locale, form_problem.provider_misconfigured).to_owned()
        }
        FormProblem::ProviderOtherDomain => {
            td_string!(locale, form_problem.provider_other_domain).to_owned()
        }
        FormProblem::ProviderUnavailable => {
            td_string!(locale, form_problem.provider_unavailable).to_owned()
        }
        FormProblem::ProviderFailed => td_string!(locale, form_problem.provider_failed).to_owned(),
        FormProblem::RegistrationClosed => {
            td_string!(locale, form_problem.registration_closed).to_owned()
        }
        FormProblem::AccountDisabled => {
            td_string!(locale, form_problem.account_disabled).to_owned()
        }
        FormProblem::IdentityTaken => td_string!(locale, form_problem.identity_taken).to_owned(),
        FormProblem::LastSignInMethod => {
            td_string!(locale, form_problem.last_sign_in_method).to_owned()
        }
        FormProblem::SignInAgain => td_string!(locale, form_problem.sign_in_again).to_owned(),
    }
}

/// The status message for a notice.
pub fn notice(locale: Locale, notice: Notice) -> String {
    match notice {
        Notice::EmailVerified => td_string!(locale, notice.email_verified),
        Notice::PasswordReset => td_string!(locale, notice.password_reset),
        Notice::SignedOut => td_string!(locale, notice.signed_out),
        Notice::ProfileSaved => td_string!(locale, notice.profile_saved),
        Notice::PasswordChanged => td_string!(locale, notice.password_changed),
        Notice::AccountExists => td_string!(locale, notice.account_exists),
        Notice::SignInToConnect => td_string!(locale, notice.sign_in_to_connect),
        Notice::AccountLinked => td_string!(locale, notice.account_linked),
        Notice::AccountUnlinked => td_string!(locale, notice.account_unlinked),
    }
    .to_owned()
}

/// The message for a temporary failure.
pub fn unavailable(locale: Locale) -> String {
    td_string!(locale, problem.unavailable_detail).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_waits_are_in_minutes() {
        let wait = |retry_after_seconds| {
            form_problem(
                Locale::en,
                FormProblem::TooManyAttempts {
                    retry_after_seconds,
                },
            )
        };
        assert!(wait(30).contains("30 s"));
        assert!(wait(0).contains("1 s"));
        assert!(wait(91).contains("2 minutes"));
    }
}
