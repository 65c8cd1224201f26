//! Writes a mail when it is sent: looks up its data, creates its token and renders its content.

use std::time::Duration;

use app::{
    i18n::Locale,
    mail::{self, MailContent},
};

use crate::{
    accounts::{self, Email},
    clock::Clock,
    config::Origin,
    database::{Connection, Database, StorageError},
    mail::{Mail, store::Leased},
    random,
};

/// How long a password reset link works.
const RESET_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// A mail as it is sent. If the recipient has an account, `to` is the account's address, regardless of how
/// the form spelled it.
pub(super) struct Letter {
    pub to: String,
    pub content: MailContent,
}

/// Writes mails.
#[derive(Clone, Debug)]
pub(super) struct Writer {
    pub database: Database,
    pub clock: Clock,
    pub login_origin: Origin,
}

impl Writer {
    /// The letter for a queued mail, or `None` if there is nothing to send any more.
    pub(super) async fn write(&self, leased: &Leased) -> Result<Option<Letter>, StorageError> {
        let Some(mail) = Mail::from_parts(&leased.kind, leased.subject_id.clone()) else {
            tracing::error!(kind = leased.kind, "dropped a mail of an unknown kind");
            return Ok(None);
        };
        let mut tx = self.database.write().await?;
        let letter = match mail {
            Mail::ConfirmEmail { registration_id } => {
                self.confirm(&mut tx, &registration_id).await?
            }
            Mail::ResetPassword => self.reset(&mut tx, &leased.recipient).await?,
            Mail::PasswordChanged { user_id } => self.changed(&user_id).await?,
        };
        tx.commit().await?;
        Ok(letter)
    }

    /// Writes the confirmation link to a new address, or a notice of the attempt to the owner of an account.
    async fn confirm(
        &self,
        tx: &mut Connection,
        registration_id: &str,
    ) -> Result<Option<Letter>, StorageError> {
        let pending = accounts::pending_registration(tx, registration_id, self.clock.now()).await?;
        let Some(pending) = pending else {
            return Ok(None);
        };
        if let Some(user) = accounts::user_by_email_key(tx, &pending.email_key).await? {
            let login = self.login_origin.url("/login");
            let reset = self.login_origin.url("/forgot-password");
            let locale = Locale::default();
            let content = mail::already_registered(locale, &user.display_name, &login, &reset);
            return Ok(Some(Letter {
                to: user.email,
                content,
            }));
        }
        let token = random::token();
        accounts::set_registration_token(tx, &pending.id, &token).await?;
        let link = self
            .login_origin
            .url(&format!("/verify-email?token={token}"));
        let content = mail::confirm(Locale::default(), &pending.display_name, &link);
        Ok(Some(Letter {
            to: pending.email,
            content,
        }))
    }

    async fn reset(
        &self,
        tx: &mut Connection,
        recipient: &str,
    ) -> Result<Option<Letter>, StorageError> {
        let Ok(email) = Email::parse(recipient) else {
            return Ok(None);
        };
        let Some(user) = accounts::user_by_email_key(tx, email.key()).await? else {
            return Ok(None);
        };
        let token = random::token();
        accounts::set_reset_token(tx, &user.id, &token, self.clock.now() + RESET_LIFETIME).await?;
        let link = self
            .login_origin
            .url(&format!("/reset-password?token={token}"));
        let content = mail::reset(Locale::default(), &user.display_name, &link);
        Ok(Some(Letter {
            to: user.email,
            content,
        }))
    }

    async fn changed(&self, user_id: &str) -> Result<Option<Letter>, StorageError> {
        let user = accounts::user_by_id(self.database.read(), user_id).await?;
        Ok(user.map(|user| Letter {
            content: mail::password_changed(Locale::default(), &user.display_name, None),
            to: user.email,
        }))
    }
}
