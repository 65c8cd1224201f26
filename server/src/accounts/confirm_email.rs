//! Clicking the link in the first mail: the account begins to exist.

use super::{
    Accounts, ExternalIdentity,
    error::from_storage,
    identity_store as identities,
    registration_store::{self as registrations, PendingRegistration},
    store,
};
use crate::database::StorageError;

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmEmailError {
    /// Used, expired, never given out, or the address got its account by another attempt.
    #[error("the link does not work any more")]
    Gone,
    #[error(transparent)]
    Storage(StorageError),
}

from_storage!(ConfirmEmailError::Storage);

impl Accounts {
    /// The registration that the link with this token would confirm. Changes nothing: mail scanners follow links.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn registration_to_confirm(
        &self,
        token: &str,
    ) -> Result<Option<PendingRegistration>, StorageError> {
        registrations::registration_of_token(self.database.read(), token, self.clock.now()).await
    }

    /// Makes the account of the registration with this token, with the password or identity of that registration alone.
    ///
    /// All other attempts for the address end here, so registrations by anyone else are void.
    ///
    /// # Errors
    /// [`ConfirmEmailError`].
    pub async fn confirm_email(&self, token: &str) -> Result<(), ConfirmEmailError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let registration = registrations::consume_registration(&mut tx, token, now).await?;
        let registration = registration.ok_or(ConfirmEmailError::Gone)?;
        let identity = registration.identity.as_ref();
        let photo = identity.and_then(ExternalIdentity::usable_photo);
        let new = store::NewUser {
            email: &registration.email,
            email_key: &registration.email_key,
            display_name: &registration.display_name,
            photo_url: photo.as_deref(),
            password_hash: registration.password_hash.as_deref(),
        };
        let user_id = store::insert_user(&mut tx, &new, now).await?;
        let user_id = user_id.ok_or(ConfirmEmailError::Gone)?;
        if let Some(identity) = identity {
            if identities::owner(&mut tx, &identity.issuer, &identity.subject)
                .await?
                .is_some()
            {
                return Err(ConfirmEmailError::Gone);
            }
            identities::insert(&mut tx, &user_id, identity, now).await?;
        }
        registrations::delete_registrations_of(&mut tx, &registration.email_key).await?;
        Ok(tx.commit().await?)
    }
}
