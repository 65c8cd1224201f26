//! What operators do with users' accounts.

use super::{
    Email, Profile,
    identity::LinkedIdentity,
    identity_store as identities, manage_store as accounts, new_reset_link,
    registration_store as registrations,
    store::{self, NewUser},
};
use crate::{
    audit::{self, Event},
    clock::{Clock, Timestamp},
    config::Origin,
    database::{Database, StorageError},
    session,
};

/// Manages accounts on behalf of an operator, without checking who asks.
#[derive(Clone, Debug)]
pub struct AccountManager {
    database: Database,
    clock: Clock,
    login: Origin,
}

/// An account, disabled or not.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub email: String,
    pub display_name: String,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    pub has_password: bool,
}

/// An account with what belongs to it.
#[derive(Debug)]
pub struct AccountDetails {
    pub account: Account,
    pub identities: Vec<LinkedIdentity>,
    /// How many sessions have not expired.
    pub sessions: i64,
}

/// Why an account could not be managed.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    #[error("there is no user {0}")]
    NotFound(String),
    #[error("{0} has an account already")]
    Taken(String),
    #[error("user {0} is disabled")]
    Disabled(String),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl AccountManager {
    /// Manages the accounts of a deployment whose login is at `login`.
    pub fn new(database: Database, clock: Clock, login: Origin) -> Self {
        Self {
            database,
            clock,
            login,
        }
    }

    /// Accounts in the order of their addresses: at most `limit`, after the one with the address `after`.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn list(
        &self,
        after: Option<&Email>,
        limit: u32,
    ) -> Result<Vec<Account>, StorageError> {
        let after = after.map_or("", Email::key);
        accounts::page(self.database.read(), after, limit).await
    }

    /// The account of a user, named by address or ID, and what belongs to it.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], or if the database is unavailable.
    pub async fn show(&self, user: &str) -> Result<AccountDetails, ManageError> {
        let account = self.find(user).await?;
        let mut connection = self.database.read().acquire().await?;
        Ok(AccountDetails {
            identities: identities::of_user(&mut connection, &account.id).await?,
            sessions: session::count_of_user(&mut connection, &account.id, self.clock.now())
                .await?,
            account,
        })
    }

    /// Adds a user whose address the operator vouches for. Returns the link with which the user chooses a password.
    ///
    /// # Errors
    /// [`ManageError::Taken`], or if the write fails.
    pub async fn add(&self, email: &Email, profile: &Profile) -> Result<String, ManageError> {
        let new = NewUser {
            email: email.as_str(),
            email_key: email.key(),
            display_name: &profile.display_name,
            photo_url: profile.photo_url.as_deref(),
            password_hash: None,
        };
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let added = store::insert_user(&mut tx, &new, now).await?;
        let id = added.ok_or_else(|| ManageError::Taken(email.as_str().to_owned()))?;
        let link = new_reset_link(&mut tx, &id, &self.login, now).await?;
        audit::record(&mut tx, Event::AccountCreated, Some(&id), now).await?;
        audit::record(&mut tx, Event::ResetLinkCreated, Some(&id), now).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Disables a user: no one can sign in to the account, and its sessions and reset links end.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], or if the write fails.
    pub async fn disable(&self, user: &str) -> Result<(), ManageError> {
        self.set_disabled(user, Some(self.clock.now())).await
    }

    /// Enables a user again. Sessions of before stay ended.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], or if the write fails.
    pub async fn enable(&self, user: &str) -> Result<(), ManageError> {
        self.set_disabled(user, None).await
    }

    async fn set_disabled(&self, user: &str, at: Option<Timestamp>) -> Result<(), ManageError> {
        let account = self.find(user).await?;
        let mut tx = self.database.write().await?;
        accounts::set_disabled(&mut tx, &account.id, at).await?;
        // When enabling as well: a sign-in that was in flight may have begun one after the account was disabled.
        session::delete_all_of_user(&mut tx, &account.id).await?;
        store::delete_reset_of(&mut tx, &account.id).await?;
        let event = match at {
            Some(_) => Event::Disabled,
            None => Event::Enabled,
        };
        audit::record(&mut tx, event, Some(&account.id), self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], or if the write fails.
    pub async fn sign_out(&self, user: &str) -> Result<(), ManageError> {
        let account = self.find(user).await?;
        let mut tx = self.database.write().await?;
        session::delete_all_of_user(&mut tx, &account.id).await?;
        let event = Event::SignedOutEverywhere;
        audit::record(&mut tx, event, Some(&account.id), self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// A link with which the user chooses a new password, for an hour; older ones stop working.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], [`ManageError::Disabled`], or if the write fails.
    pub async fn reset_link(&self, user: &str) -> Result<String, ManageError> {
        let account = self.find(user).await?;
        if account.disabled_at.is_some() {
            return Err(ManageError::Disabled(user.to_owned()));
        }
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let link = new_reset_link(&mut tx, &account.id, &self.login, now).await?;
        audit::record(&mut tx, Event::ResetLinkCreated, Some(&account.id), now).await?;
        tx.commit().await?;
        Ok(link)
    }

    /// Deletes a user with everything that belongs to the account. In the audit log, a pseudonym takes the user's place.
    ///
    /// # Errors
    /// [`ManageError::NotFound`], or if the write fails.
    pub async fn delete(&self, user: &str) -> Result<(), ManageError> {
        let account = self.find(user).await?;
        let mut tx = self.database.write().await?;
        let email_key = store::email_key_of_user(&mut tx, &account.id).await?;
        registrations::delete_registrations_of(&mut tx, &email_key).await?;
        accounts::delete(&mut tx, &account.id).await?;
        let pseudonym = audit::forget(&mut tx, &account.id).await?;
        let now = self.clock.now();
        audit::record(&mut tx, Event::Deleted, Some(&pseudonym), now).await?;
        Ok(tx.commit().await?)
    }

    async fn find(&self, user: &str) -> Result<Account, ManageError> {
        let reader = self.database.read();
        let found = match Email::parse(user) {
            Ok(email) => accounts::by_email(reader, &email).await?,
            Err(_) => accounts::by_id(reader, user).await?,
        };
        found.ok_or_else(|| ManageError::NotFound(user.to_owned()))
    }
}
