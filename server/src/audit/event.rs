//! What is recorded.

use super::{request::Whence, store};
use crate::{
    clock::Timestamp,
    database::{Connection, StorageError},
};

/// The actor of what is done on the command line.
const OPERATOR: &str = "operator";

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// The user has signed in by this method.
    SignedIn { method: &'a str },
    /// Every session of the user has been ended.
    SignedOutEverywhere,
    /// The account exists from now on.
    AccountCreated,
    /// Users were imported: how many, and from which system. Their accounts exist from now on.
    UsersImported { detail: &'a str },
    /// An operator has exported all users with their password hashes.
    UsersExported,
    /// The user has changed the password, knowing the former one.
    PasswordChanged,
    /// The user has chosen a new password by a link.
    PasswordReset,
    /// A link to choose a new password was created without a mail.
    ResetLinkCreated,
    /// The account at this provider signs the user in from now on.
    Linked { provider: &'a str },
    /// It no longer does.
    Unlinked { provider: &'a str },
    /// No one can sign in to the account.
    Disabled,
    /// The user can sign in again.
    Enabled,
    /// The account no longer exists. Of its user, the audit log has a pseudonym.
    Deleted,
    /// A chat box was added or changed.
    ChatBoxSaved { id: &'a str },
    /// A chat box was removed.
    ChatBoxRemoved { id: &'a str },
}

impl Event<'_> {
    fn kind(self) -> &'static str {
        match self {
            Self::SignedIn { .. } => "signed_in",
            Self::SignedOutEverywhere => "signed_out_everywhere",
            Self::AccountCreated => "account_created",
            Self::UsersImported { .. } => "users_imported",
            Self::UsersExported => "users_exported",
            Self::PasswordChanged => "password_changed",
            Self::PasswordReset => "password_reset",
            Self::ResetLinkCreated => "reset_link_created",
            Self::Linked { .. } => "linked",
            Self::Unlinked { .. } => "unlinked",
            Self::Disabled => "disabled",
            Self::Enabled => "enabled",
            Self::Deleted => "deleted",
            Self::ChatBoxSaved { .. } => "chat_box_saved",
            Self::ChatBoxRemoved { .. } => "chat_box_removed",
        }
    }

    fn detail(&self) -> Option<&str> {
        match self {
            Self::SignedIn { method: detail }
            | Self::Linked { provider: detail }
            | Self::Unlinked { provider: detail }
            | Self::UsersImported { detail }
            | Self::ChatBoxSaved { id: detail }
            | Self::ChatBoxRemoved { id: detail } => Some(detail),
            _ => None,
        }
    }
}

/// Records an event within the caller's transaction. Within a request, the user has done it; otherwise an operator.
///
/// # Errors
/// If the write fails.
pub async fn record(
    tx: &mut Connection,
    event: Event<'_>,
    subject: Option<&str>,
    now: Timestamp,
) -> Result<(), StorageError> {
    let whence = Whence::now();
    let row = store::Row {
        at: now,
        kind: event.kind(),
        actor: match whence {
            Some(_) => subject,
            None => Some(OPERATOR),
        },
        subject,
        detail: event.detail(),
        whence: whence.as_ref(),
    };
    store::insert(tx, &row).await
}

/// Records that wrong passwords have locked an account, if the address has one. No one knows who it was.
///
/// # Errors
/// If the write fails.
pub async fn record_lock(
    tx: &mut Connection,
    email_key: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    let Some(user_id) = store::user_with_address(tx, email_key).await? else {
        return Ok(());
    };
    let whence = Whence::now();
    let row = store::Row {
        at: now,
        kind: "locked",
        actor: None,
        subject: Some(&user_id),
        detail: None,
        whence: whence.as_ref(),
    };
    store::insert(tx, &row).await
}
