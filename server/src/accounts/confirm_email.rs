//! Clicking the link in the first mail: the account begins to exist.

use super::{Accounts, store};
use crate::database::StorageError;

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmEmailError {
    /// Used, expired, never given out, or the address got its account by another attempt.
    #[error("the link does not work any more")]
    Gone,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<sqlx::Error> for ConfirmEmailError {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl Accounts {
    /// Whether the link with this token would work. Changes nothing: mail scanners follow links.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn can_confirm_email(&self, token: &str) -> Result<bool, StorageError> {
        store::registration_token_lives(self.database.read(), token, self.clock.now()).await
    }

    /// Makes the account of the registration with this token, with the password of that registration alone.
    ///
    /// All other attempts for the address end here, so whoever registered it without owning it has nothing left.
    ///
    /// # Errors
    /// [`ConfirmEmailError`].
    pub async fn confirm_email(&self, token: &str) -> Result<(), ConfirmEmailError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let registration = store::consume_registration(&mut tx, token, now).await?;
        let registration = registration.ok_or(ConfirmEmailError::Gone)?;
        let created = store::insert_user(&mut tx, &registration, now).await?;
        store::delete_registrations_of(&mut tx, &registration.email_key).await?;
        tx.commit().await?;
        if created.is_some() {
            Ok(())
        } else {
            Err(ConfirmEmailError::Gone)
        }
    }
}
