//! Confirming the address with the link in the first mail, which creates the account.

use super::{
    Accounts, ExternalIdentity,
    error::from_storage,
    identity_store as identities,
    registration_store::{self as registrations, PendingRegistration},
    store,
};
use crate::{
    audit::{self, Event},
    database::StorageError,
};

/// Why no account was created.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmEmailError {
    /// The link is used, expired or unknown, or the address or identity belongs to an account by now.
    #[error("the link no longer works")]
    Gone,
    #[error(transparent)]
    Storage(StorageError),
}

from_storage!(ConfirmEmailError::Storage);

impl Accounts {
    /// The registration that the link with this token would confirm. Changes nothing, since mail scanners
    /// follow links.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn registration_to_confirm(
        &self,
        token: &str,
    ) -> Result<Option<PendingRegistration>, StorageError> {
        registrations::registration_of_token(self.database.read(), token, self.clock.now()).await
    }

    /// Creates the account of the registration with this token, with the password or identity of that
    /// registration alone.
    ///
    /// Deletes all other registrations of the address, so that one made by someone else can no longer be
    /// confirmed.
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
        if let Some(identity) = identity
            && !identities::insert(&mut tx, &user_id, identity, now).await?
        {
            return Err(ConfirmEmailError::Gone);
        }
        audit::record(&mut tx, Event::AccountCreated, Some(&user_id), now).await?;
        if let Some(ExternalIdentity { provider, .. }) = identity {
            audit::record(&mut tx, Event::Linked { provider }, Some(&user_id), now).await?;
        }
        registrations::delete_registrations_of(&mut tx, &registration.email_key).await?;
        Ok(tx.commit().await?)
    }
}
