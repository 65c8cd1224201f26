//! Renders a mail when it is sent: looks up its data and creates its token.

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

/// A mail as it is sent. If the recipient has an account, `to` is the account's address, regardless of how
/// the form spelled it.
pub(super) struct RenderedMail {
    pub to: String,
    pub content: MailContent,
}

/// Renders mails.
#[derive(Clone, Debug)]
pub(super) struct MailRenderer {
    pub database: Database,
    pub clock: Clock,
    pub login_origin: Origin,
}

impl MailRenderer {
    /// The mail for an entry of the queue, or `None` if there is nothing to send any more.
    pub(super) async fn render(
        &self,
        leased: &Leased,
    ) -> Result<Option<RenderedMail>, StorageError> {
        let Some(mail) = Mail::from_parts(&leased.kind, leased.subject_id.clone()) else {
            tracing::error!(kind = leased.kind, "dropped a mail of an unknown kind");
            return Ok(None);
        };
        let mut tx = self.database.write().await?;
        let rendered = match mail {
            Mail::ConfirmEmail { registration_id } => {
                self.confirm(&mut tx, &registration_id).await?
            }
            Mail::ResetPassword => self.reset(&mut tx, &leased.recipient).await?,
            Mail::PasswordChanged { user_id } => self.changed(&user_id).await?,
        };
        tx.commit().await?;
        Ok(rendered)
    }

    /// Sends the confirmation link to a new address, or a notice of the attempt to the owner of an account.
    async fn confirm(
        &self,
        tx: &mut Connection,
        registration_id: &str,
    ) -> Result<Option<RenderedMail>, StorageError> {
        let pending = accounts::pending_registration(tx, registration_id, self.clock.now()).await?;
        let Some(pending) = pending else {
            return Ok(None);
        };
        if let Some(user) = accounts::user_by_email_key(tx, &pending.email_key).await? {
            let login = self.login_origin.url("/login");
            let reset = self.login_origin.url("/forgot-password");
            let locale = Locale::default();
            let content = mail::already_registered(locale, &user.display_name, &login, &reset);
            return Ok(Some(RenderedMail {
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
        Ok(Some(RenderedMail {
            to: pending.email,
            content,
        }))
    }

    async fn reset(
        &self,
        tx: &mut Connection,
        recipient: &str,
    ) -> Result<Option<RenderedMail>, StorageError> {
        let Ok(email) = Email::parse(recipient) else {
            return Ok(None);
        };
        let Some(user) = accounts::user_by_email_key(tx, email.key()).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let link = accounts::new_reset_link(tx, &user.id, &self.login_origin, now).await?;
        let content = mail::reset(Locale::default(), &user.display_name, &link);
        Ok(Some(RenderedMail {
            to: user.email,
            content,
        }))
    }

    async fn changed(&self, user_id: &str) -> Result<Option<RenderedMail>, StorageError> {
        let user = accounts::user_by_id(self.database.read(), user_id).await?;
        Ok(user.map(|user| RenderedMail {
            content: mail::password_changed(Locale::default(), &user.display_name, None),
            to: user.email,
        }))
    }
}
