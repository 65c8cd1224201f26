//! Accounts: who the users are and how they prove it. No HTTP, no cookies, no environment.
//!
//! One use case is one function in one file; their SQL is in the files `…store.rs`.

mod add_user;
mod admin;
mod change_password;
mod confirm_email;
mod email;
mod hasher;
mod identity;
mod identity_store;
mod password;
mod port;
mod profile;
mod register;
mod registration_store;
mod reset_password;
mod routes;
mod sign_in;
mod store;
mod user;

use std::sync::Arc;

use secrecy::SecretString;

use crate::{
    clock::Clock,
    config::{AdminConfig, LimitsConfig, PasswordConfig},
    database::{Database, StorageError},
    limits::{Exhausted, LimitError, Limiter},
    mail::MailQueue,
};

pub use admin::CurrentAdmin;
pub use change_password::ChangePasswordError;
pub use confirm_email::ConfirmEmailError;
pub use email::Email;
pub use hasher::{Hasher, Overloaded};
pub use identity::{
    ExternalIdentity, ExternalSignIn, LinkError, LinkedIdentity, ProviderEmail, UnlinkError,
};
pub use identity_store::IdentityOwner;
pub use password::Password;
pub use port::RequestAccounts;
pub use profile::{Profile, ProfileProblems};
pub use register::{RegisterError, RegisterProblems, Registration};
pub use registration_store::{pending_registration, set_registration_token, sweep_registrations};
pub use reset_password::ResetPasswordError;
pub use routes::{
    account_routes, enter, form_problem, login_routes, problem_word, viewer_routes,
    with_retry_after,
};
pub use sign_in::{PasswordProof, SignInError};
pub use store::{email_key_of_user, set_reset_token, sweep_resets, user_by_email_key, user_by_id};
pub use user::{CurrentUser, SignedIn, User, Visitor};

/// The only door to users.
#[derive(Clone, Debug)]
pub struct Accounts {
    pub database: Database,
    pub clock: Clock,
    pub hasher: Hasher,
    pub limiter: Limiter,
    pub mails: MailQueue,
    pub passwords: Arc<PasswordConfig>,
    pub limits: Arc<LimitsConfig>,
    pub admins: Arc<AdminConfig>,
    /// Whether strangers may ask for an account.
    pub registration_open: bool,
    /// What tells forms that are sent twice; it is gone with the process, so that nobody can try passwords on what it has
    /// made of them.
    pub form_key: SecretString,
}

/// Why a use case could not be carried out although its input was in order.
#[derive(Debug, thiserror::Error)]
pub enum Hindrance {
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<LimitError> for Hindrance {
    fn from(error: LimitError) -> Self {
        match error {
            LimitError::Exhausted(exhausted) => Self::Exhausted(exhausted),
            LimitError::Storage(error) => Self::Storage(error),
        }
    }
}

impl From<sqlx::Error> for Hindrance {
    fn from(error: sqlx::Error) -> Self {
        Self::Storage(error.into())
    }
}
