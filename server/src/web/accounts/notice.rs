//! Notices in the query of a redirect: `notice=password-reset`.

use app::model::Notice;
use serde::Deserialize;

/// The query parameter with which a redirect tells the next page what has just happened.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct NoticeParam {
    notice: Option<String>,
}

impl NoticeParam {
    /// The notice; `None` if the word is missing or unknown.
    pub(super) fn notice(&self) -> Option<Notice> {
        match self.notice.as_deref()? {
            "email-verified" => Some(Notice::EmailVerified),
            "password-reset" => Some(Notice::PasswordReset),
            "signed-out" => Some(Notice::SignedOut),
            "profile-saved" => Some(Notice::ProfileSaved),
            "password-changed" => Some(Notice::PasswordChanged),
            "account-exists" => Some(Notice::AccountExists),
            "sign-in-to-connect" => Some(Notice::SignInToConnect),
            "account-linked" => Some(Notice::AccountLinked),
            "account-unlinked" => Some(Notice::AccountUnlinked),
            _ => None,
        }
    }
}
