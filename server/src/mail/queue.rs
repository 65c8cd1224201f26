//! The mail queue and the kinds of mail.

use std::sync::Arc;

use tokio::sync::Notify;

use super::store;
use crate::{
    clock::Clock,
    database::{Connection, StorageError},
};

/// A queued mail. Its text and its token are created when it is sent, so that the database contains neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mail {
    /// To the address of a pending registration.
    ConfirmEmail { registration_id: String },
    /// A password reset link, if the address has an account.
    ResetPassword,
    /// To the owner of an account whose password was changed.
    PasswordChanged { user_id: String },
}

impl Mail {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmEmail { .. } => "confirm_email",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged { .. } => "password_changed",
        }
    }

    pub(crate) fn subject_id(&self) -> Option<&str> {
        match self {
            Self::ConfirmEmail {
                registration_id: id,
            }
            | Self::PasswordChanged { user_id: id } => Some(id),
            Self::ResetPassword => None,
        }
    }

    pub(crate) fn from_parts(kind: &str, subject_id: Option<String>) -> Option<Self> {
        match (kind, subject_id) {
            ("confirm_email", Some(registration_id)) => {
                Some(Self::ConfirmEmail { registration_id })
            }
            ("reset_password", None) => Some(Self::ResetPassword),
            ("password_changed", Some(user_id)) => Some(Self::PasswordChanged { user_id }),
            _ => None,
        }
    }
}

/// Adds mails to the queue and wakes the worker.
#[derive(Clone, Debug)]
pub struct MailQueue {
    clock: Clock,
    added: Arc<Notify>,
}

impl MailQueue {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            added: Arc::new(Notify::new()),
        }
    }

    /// Queues a mail within the caller's transaction; it is sent only if that commits.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn add(
        &self,
        tx: &mut Connection,
        mail: &Mail,
        recipient: &str,
    ) -> Result<(), StorageError> {
        store::insert(tx, mail, recipient, self.clock.now()).await
    }

    /// Wakes the worker. Call it after the commit.
    pub fn wake(&self) {
        self.added.notify_one();
    }

    pub(crate) async fn added(&self) {
        self.added.notified().await;
    }
}
