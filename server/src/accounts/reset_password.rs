//! Resetting a forgotten password: requesting a link, and choosing a new password with it.

use std::{net::IpAddr, time::Duration};

use app::model::FieldProblem;
use secrecy::{ExposeSecret, SecretString};

use super::{
    Accounts, Email, Password, ServiceError, User, error::from_storage,
    identity_store as identities, store,
};
use crate::{
    audit::{self, Event},
    clock::Timestamp,
    config::Origin,
    database::{Connection, StorageError},
    limits::Key,
    mail::Mail,
    random, session,
};

/// How long a password reset link works.
const RESET_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// Why no new password was set.
#[derive(Debug, thiserror::Error)]
pub enum ResetPasswordError {
    #[error("the new password cannot be used")]
    Password(FieldProblem),
    /// The link is used, expired, replaced by a newer one, or unknown.
    #[error("the link no longer works")]
    Gone,
    #[error(transparent)]
    Service(#[from] ServiceError),
}

from_storage!(ResetPasswordError::Service);

impl Accounts {
    /// Queues a mail with a reset link, which is sent only if the address has an account. That is looked up
    /// when the mail is written, never here, so that the response and its timing are the same in both cases.
    ///
    /// # Errors
    /// If the client is rate limited or the write fails.
    pub async fn request_password_reset(
        &self,
        email: &Email,
        client: IpAddr,
    ) -> Result<(), ServiceError> {
        let forms_key = Key::forms(client);
        self.limiter
            .count(&[(&forms_key, self.limits.forms)])
            .await?;
        if !self.may_mail(Key::reset_mail(email.key())).await? {
            return Ok(());
        }
        let mut tx = self.database.write().await?;
        self.mails
            .add(&mut tx, &Mail::ResetPassword, email.as_str())
            .await?;
        tx.commit().await?;
        self.mails.wake();
        Ok(())
    }

    /// The user for whom the link with this token would work. Changes nothing, since mail scanners follow
    /// links.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn user_of_reset(&self, token: &str) -> Result<Option<User>, StorageError> {
        store::user_of_reset(self.database.read(), token, self.clock.now()).await
    }

    /// Sets a new password with the token of a reset link. Ends all sessions of the user, unlocks an account
    /// that too many wrong passwords have locked, and notifies the owner by mail. A rejected password leaves
    /// the link valid.
    ///
    /// # Errors
    /// [`ResetPasswordError`].
    pub async fn reset_password(
        &self,
        token: &str,
        new_password: &SecretString,
    ) -> Result<(), ResetPasswordError> {
        let user = self
            .user_of_reset(token)
            .await?
            .ok_or(ResetPasswordError::Gone)?;
        let personal = [user.email.as_str(), user.display_name.as_str()];
        let password = Password::parse_new(
            new_password.expose_secret(),
            &personal,
            &self.config.passwords,
        )
        .map_err(ResetPasswordError::Password)?;
        let hash = self
            .hasher
            .hash(password)
            .await
            .map_err(ServiceError::from)?;

        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let user_id = store::consume_reset(&mut tx, token, now).await?;
        let user_id = user_id.ok_or(ResetPasswordError::Gone)?;
        store::set_password(&mut tx, &user_id, &hash).await?;
        // The link has come by a mail to the address, or by an operator, who vouches for it.
        if store::verify_address(&mut tx, &user_id, now).await? {
            // Who has linked them need not be the owner of the address.
            for identity in identities::of_user(&mut tx, &user_id).await? {
                identities::delete(&mut tx, &user_id, &identity.id).await?;
                let provider = &identity.provider;
                audit::record(&mut tx, Event::Unlinked { provider }, Some(&user_id), now).await?;
            }
        }
        session::delete_all_of_user(&mut tx, &user_id).await?;
        audit::record(&mut tx, Event::PasswordReset, Some(&user_id), now).await?;
        let email_key = store::email_key_of_user(&mut tx, &user_id).await?;
        self.limiter
            .clear(&mut tx, &Key::account(&email_key))
            .await?;
        self.mails
            .add(&mut tx, &Mail::PasswordChanged { user_id }, &user.email)
            .await?;
        tx.commit().await?;
        self.mails.wake();
        Ok(())
    }
}

/// Creates a link with which a user chooses a new password, for an hour; an older one stops working.
///
/// # Errors
/// If the write fails.
pub async fn new_reset_link(
    tx: &mut Connection,
    user_id: &str,
    login: &Origin,
    now: Timestamp,
) -> Result<String, StorageError> {
    let token = random::token();
    store::set_reset_token(tx, user_id, &token, now + RESET_LIFETIME).await?;
    Ok(login.url(&format!("/reset-password?token={token}")))
}
