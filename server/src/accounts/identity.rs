//! Linked accounts: sign-in through identity providers.
//!
//! Issuer and subject are the only key. Equal addresses alone never link accounts: someone else may have had
//! the address before, or may only claim it. Accounts with equal addresses are linked once both sides are
//! verified: the provider has verified the address, and the user has signed in here.

use serde::{Deserialize, Serialize};

use super::{
    Accounts, Email, User,
    error::from_storage,
    identity_store::{self as identities, IdentityOwner},
    profile::{display_name, photo_url},
    registration_store as registrations, store,
};
use crate::{
    audit::{self, Event},
    clock::Timestamp,
    database::{Connection, StorageError},
};

/// An account at a provider, as the provider's response identifies it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct ExternalIdentity {
    /// Our name for the provider, as in `/oauth/{provider}/start`.
    pub provider: String,
    /// The issuer (`iss`). Together with `subject`, the only key.
    pub issuer: String,
    pub subject: String,
    /// The address, and whether the provider has verified it.
    pub email: Option<ProviderEmail>,
    pub display_name: Option<String>,
    pub photo_url: Option<String>,
}

/// An address as a provider sends it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct ProviderEmail {
    pub address: String,
    pub verified: bool,
}

/// The outcome of a sign-in through a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExternalSignIn {
    /// Signed in to an existing or a new account.
    SignedIn { user_id: String },
    /// The verified address belongs to an account; the user has to sign in to it before the identity is
    /// linked.
    AccountExists,
    /// There is no verified address or no usable name: the user has to enter them and confirm the address.
    AddressNeeded,
    /// There is no account, and visitors may not create one.
    RegistrationClosed,
    /// The account is disabled.
    Disabled,
}

/// A linked account, as the account page lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkedIdentity {
    pub id: String,
    pub provider: String,
    pub label: Option<String>,
    pub created_at: Timestamp,
}

/// Why an identity was not linked.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    #[error("it belongs to another user")]
    TakenByAnother,
    #[error(transparent)]
    Storage(StorageError),
}

from_storage!(LinkError::Storage);

/// Why an identity was not unlinked.
#[derive(Debug, thiserror::Error)]
pub enum UnlinkError {
    #[error("there is no such identity")]
    NotFound,
    #[error("it is the user's only sign-in method")]
    LastMethod,
    #[error(transparent)]
    Storage(StorageError),
}

from_storage!(UnlinkError::Storage);

impl ExternalIdentity {
    /// The address, if the provider has verified it and it is valid here.
    pub fn verified_email(&self) -> Option<Email> {
        let email = self.email.as_ref().filter(|email| email.verified)?;
        Email::parse(&email.address).ok()
    }

    /// The domain of the verified address.
    pub fn verified_domain(&self) -> Option<String> {
        let email = self.verified_email()?;
        let (_, domain) = email.as_str().rsplit_once('@')?;
        Some(domain.to_owned())
    }

    /// The photo's URL, if it is valid in a profile.
    pub(super) fn usable_photo(&self) -> Option<String> {
        photo_url(self.photo_url.as_deref()?).ok()?
    }

    /// The address or name by which the user recognizes the account.
    pub fn label(&self) -> Option<&str> {
        let email = self.email.as_ref().map(|email| email.address.as_str());
        email.or(self.display_name.as_deref())
    }

    /// A display name for a new account: the provider's, or the part of the address before the `@`. Empty if
    /// neither is valid.
    pub fn suggested_name(&self) -> String {
        let email = self.email.as_ref().map(|email| email.address.as_str());
        let before_at = email.and_then(|email| email.split('@').next());
        [self.display_name.as_deref(), before_at]
            .into_iter()
            .flatten()
            .find_map(|name| display_name(name).ok())
            .unwrap_or_default()
    }
}

impl From<IdentityOwner> for ExternalSignIn {
    fn from(owner: IdentityOwner) -> Self {
        match owner.disabled {
            true => Self::Disabled,
            false => Self::SignedIn {
                user_id: owner.user_id,
            },
        }
    }
}

/// The outcome if the address has an account: perhaps a concurrent sign-in of the same identity has just created it.
async fn account_exists(
    tx: &mut Connection,
    identity: &ExternalIdentity,
) -> Result<ExternalSignIn, StorageError> {
    let owner = identities::owner(tx, &identity.issuer, &identity.subject).await?;
    Ok(owner.map_or(ExternalSignIn::AccountExists, Into::into))
}

impl Accounts {
    /// Signs in the owner of this identity, or creates an account if its verified address has none.
    ///
    /// # Errors
    /// If the database is unavailable or the write fails.
    pub async fn sign_in_with(
        &self,
        identity: &ExternalIdentity,
    ) -> Result<ExternalSignIn, StorageError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        if let Some(owner) = identities::owner(&mut tx, &identity.issuer, &identity.subject).await?
        {
            return Ok(owner.into());
        }
        let name = identity.suggested_name();
        let Some(email) = identity.verified_email().filter(|_| !name.is_empty()) else {
            return Ok(match self.registration_open() {
                true => ExternalSignIn::AddressNeeded,
                false => ExternalSignIn::RegistrationClosed,
            });
        };
        if store::email_is_taken(&mut tx, &email).await? {
            return account_exists(&mut tx, identity).await;
        }
        if !self.registration_open() {
            return Ok(ExternalSignIn::RegistrationClosed);
        }
        let photo = identity.usable_photo();
        let new = store::NewUser {
            email: email.as_str(),
            email_key: email.key(),
            display_name: &name,
            photo_url: photo.as_deref(),
            password_hash: None,
        };
        let Some(user_id) = store::insert_user(&mut tx, &new, now).await? else {
            return account_exists(&mut tx, identity).await;
        };
        if !identities::insert(&mut tx, &user_id, identity, now).await? {
            return Ok(ExternalSignIn::AccountExists);
        }
        audit::record(&mut tx, Event::AccountCreated, Some(&user_id), now).await?;
        let provider = &identity.provider;
        audit::record(&mut tx, Event::Linked { provider }, Some(&user_id), now).await?;
        // Pending registrations of this address, which never verified it, are void.
        registrations::delete_registrations_of(&mut tx, email.key()).await?;
        tx.commit().await?;
        Ok(ExternalSignIn::SignedIn { user_id })
    }

    /// The user whom an identity signs in, even if disabled.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn owner_of(
        &self,
        issuer: &str,
        subject: &str,
    ) -> Result<Option<IdentityOwner>, StorageError> {
        let mut reader = self.database.read().acquire().await?;
        identities::owner(&mut reader, issuer, subject).await
    }

    /// Whether the identity is linked to any account.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn has_owner(&self, identity: &ExternalIdentity) -> Result<bool, StorageError> {
        let owner = self.owner_of(&identity.issuer, &identity.subject).await?;
        Ok(owner.is_some())
    }

    /// Links an identity to the account of a user who has just signed in. Linking it twice is not an error.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn link(&self, user_id: &str, identity: &ExternalIdentity) -> Result<(), LinkError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        if identities::insert(&mut tx, user_id, identity, now).await? {
            let provider = &identity.provider;
            audit::record(&mut tx, Event::Linked { provider }, Some(user_id), now).await?;
            return Ok(tx.commit().await?);
        }
        match identities::owner(&mut tx, &identity.issuer, &identity.subject).await? {
            Some(owner) if owner.user_id == user_id => Ok(()),
            _ => Err(LinkError::TakenByAnother),
        }
    }

    /// Links an identity to a signed-in user's account if both have the same verified address. Returns
    /// whether it is linked.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn link_same_address(
        &self,
        user_id: &str,
        identity: &ExternalIdentity,
    ) -> Result<bool, LinkError> {
        let Some(email) = identity.verified_email() else {
            return Ok(false);
        };
        let mut reader = self.database.read().acquire().await?;
        let owner = store::user_by_email_key(&mut reader, email.key()).await?;
        match owner {
            Some(owner) if owner.id == user_id && owner.email_verified => {
                self.link(user_id, identity).await.map(|()| true)
            }
            _ => Ok(false),
        }
    }

    /// Unlinks an identity, unless it is the last sign-in method.
    ///
    /// # Errors
    /// [`UnlinkError`].
    pub async fn unlink(&self, user: &User, identity_id: &str) -> Result<(), UnlinkError> {
        let mut tx = self.database.write().await?;
        store::lock(&mut tx, &user.id).await?;
        let linked = identities::of_user(&mut tx, &user.id).await?;
        let found = linked.iter().find(|identity| identity.id == identity_id);
        let provider = &found.ok_or(UnlinkError::NotFound)?.provider;
        if linked.len() == 1 && !store::has_password(&mut tx, &user.id).await? {
            return Err(UnlinkError::LastMethod);
        }
        identities::delete(&mut tx, &user.id, identity_id).await?;
        let event = Event::Unlinked { provider };
        audit::record(&mut tx, event, Some(&user.id), self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// A user's sign-in methods: the linked identities, and whether there is a password.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn sign_in_methods(
        &self,
        user: &User,
    ) -> Result<(Vec<LinkedIdentity>, bool), StorageError> {
        let mut reader = self.database.read().acquire().await?;
        let linked = identities::of_user(&mut reader, &user.id).await?;
        let has_password = store::has_password(&mut reader, &user.id).await?;
        Ok((linked, has_password))
    }
}
