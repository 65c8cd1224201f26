//! Changing the password while signed in.

use std::net::IpAddr;

use app::model::FieldProblem;
use secrecy::{ExposeSecret, SecretString};

use super::{Accounts, Password, ServiceError, User, error::from_storage, hasher::Verdict, store};
use crate::{
    audit::{self, Event},
    database::StorageError,
    mail::Mail,
    session,
};

/// Why the password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    #[error("the current password is not right")]
    Current(FieldProblem),
    #[error("the new password cannot be used")]
    New(FieldProblem),
    #[error(transparent)]
    Service(#[from] ServiceError),
}

from_storage!(ChangePasswordError::Service);

impl Accounts {
    /// Replaces the password of a signed-in user who knows the current one.
    ///
    /// Ends all other sessions, invalidates reset links and notifies the owner by mail. `keep_session` is the
    /// ID hash of the session that continues.
    ///
    /// # Errors
    /// [`ChangePasswordError`].
    pub async fn change_password(
        &self,
        user: &User,
        current: &SecretString,
        new: &SecretString,
        keep_session: &str,
        client: IpAddr,
    ) -> Result<(), ChangePasswordError> {
        let current = Password::parse_existing(current.expose_secret(), &self.config.passwords)
            .map_err(ChangePasswordError::Current)?;
        let personal = [user.email.as_str(), user.display_name.as_str()];
        let new = Password::parse_new(new.expose_secret(), &personal, &self.config.passwords)
            .map_err(ChangePasswordError::New)?;

        let old_hash = self.check_current(user, current, client).await?;
        let new_hash = self.hasher.hash(new).await.map_err(ServiceError::from)?;

        let mut tx = self.database.write().await?;
        if !store::replace_password(&mut tx, &user.id, old_hash.as_deref(), &new_hash).await? {
            return Err(ChangePasswordError::Current(
                FieldProblem::CurrentPasswordWrong,
            ));
        }
        store::delete_reset_of(&mut tx, &user.id).await?;
        session::delete_others_of_user(&mut tx, &user.id, keep_session).await?;
        let now = self.clock.now();
        audit::record(&mut tx, Event::PasswordChanged, Some(&user.id), now).await?;
        let mail = Mail::PasswordChanged {
            user_id: user.id.clone(),
        };
        self.mails.add(&mut tx, &mail, &user.email).await?;
        tx.commit().await?;
        self.mails.wake();
        Ok(())
    }

    /// Checks the current password under the rate limits of signing in, so that a stolen session cannot be
    /// used to guess it.
    async fn check_current(
        &self,
        user: &User,
        current: Password,
        client: IpAddr,
    ) -> Result<Option<String>, ChangePasswordError> {
        let attempt = self.count_attempt(&user.email_key(), client).await?;
        let stored = store::password_of_user(self.database.read(), &user.id).await?;
        let verdict = self
            .verify_counted(current, stored.as_deref(), &attempt)
            .await?;
        if verdict == Verdict::Wrong {
            return Err(ChangePasswordError::Current(
                FieldProblem::CurrentPasswordWrong,
            ));
        }
        let mut tx = self.database.write().await?;
        self.settle_attempt(&mut tx, &attempt).await?;
        tx.commit().await?;
        Ok(stored)
    }
}
