//! User accounts and their sign-in methods. The use cases know neither HTTP nor cookies and take the time
//! from [`Clock`].
//!
//! Each use case is a function in a file of its own; the SQL is in the files whose names end in `store.rs`.

mod add_user;
mod admin;
mod attempt;
mod attribute_store;
mod attributes;
mod change_password;
mod config;
mod confirm_email;
mod email;
mod error;
mod hasher;
mod identity;
mod identity_store;
mod manage;
mod manage_store;
mod password;
mod profile;
mod register;
mod registration_store;
mod reset_password;
mod sign_in;
mod store;
mod user;

use std::{ops::Deref, sync::Arc};

use secrecy::SecretString;

use crate::{
    clock::Clock,
    database::{Database, StorageError},
    limits::{Limiter, LimitsConfig},
    mail::MailQueue,
    random, session,
};

pub use attribute_store::{attributes_of, set_attributes};
pub use attributes::{AttributeProblem, AttributeValue, Attributes};
pub use change_password::ChangePasswordError;
pub use config::{AccountsConfig, AdminConfig, PasswordConfig};
pub use confirm_email::ConfirmEmailError;
pub use email::Email;
pub use error::ServiceError;
pub use hasher::{Hasher, Overloaded};
pub use identity::{
    ExternalIdentity, ExternalSignIn, LinkError, LinkedIdentity, ProviderEmail, UnlinkError,
};
pub use identity_store::IdentityOwner;
pub use manage::{Account, AccountDetails, AccountManager, ManageError};
pub use password::Password;
pub use profile::{Profile, ProfileProblems};
pub use register::{RegisterError, RegisterProblems, Registration};
pub use registration_store::{SWEEP_REGISTRATIONS, pending_registration, set_registration_token};
pub use reset_password::{ResetPasswordError, new_reset_link};
pub use sign_in::{PasswordProof, SignInError};
pub use store::{SWEEP_RESETS, email_key_of_user, user_by_email_key, user_by_id};
pub use user::User;

/// The use cases of user accounts. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts(Arc<Inner>);

/// What the use cases share.
#[derive(Debug)]
pub struct Inner {
    database: Database,
    clock: Clock,
    hasher: Hasher,
    limiter: Limiter,
    limits: Arc<LimitsConfig>,
    mails: MailQueue,
    config: AccountsConfig,
    /// Key of the fingerprints by which a form that is sent twice is recognized. It exists only in memory, so
    /// that no one can test passwords against the stored fingerprints.
    form_key: SecretString,
}

impl Accounts {
    /// Starts the hashing threads.
    ///
    /// # Errors
    /// If the argon2 parameters are invalid or a thread cannot be started.
    pub fn new(
        config: &AccountsConfig,
        database: Database,
        clock: Clock,
        (limiter, limits): (Limiter, Arc<LimitsConfig>),
        mails: MailQueue,
    ) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Inner {
            hasher: Hasher::start(&config.passwords)?,
            database,
            clock,
            limiter,
            limits,
            mails,
            config: config.clone(),
            form_key: random::token().into(),
        })))
    }

    /// Whether visitors may create accounts.
    pub fn registration_open(&self) -> bool {
        self.config.registration_open
    }

    /// The rules for passwords.
    pub fn password_rules(&self) -> &PasswordConfig {
        &self.config.passwords
    }

    /// The enabled user with this id.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn user(&self, id: &str) -> Result<Option<User>, StorageError> {
        store::user_by_id(self.database.read(), id).await
    }

    /// The enabled user of the session with this hash, if it lives. Updates the time of the session's last use.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn user_of_session(
        &self,
        sessions: &session::Store,
        id_hash: &str,
    ) -> Result<Option<User>, StorageError> {
        match store::user_of_session(self.database.read(), id_hash).await? {
            Some(found) if sessions.lives(id_hash, found.session).await => Ok(Some(found.user)),
            _ => Ok(None),
        }
    }
}

impl Deref for Accounts {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
