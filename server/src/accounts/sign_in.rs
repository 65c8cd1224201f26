//! Signing in with a password.

use std::net::IpAddr;

use app::model::FieldProblem;

use super::{
    Accounts, Email, Hindrance, Password,
    hasher::Verdict,
    registration_store::{self as registrations, PendingRegistration},
    store::{self, StoredPassword},
};
use crate::{database::StorageError, limits::Key, mail::Mail};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the form cannot be used")]
    Fields {
        email: Option<FieldProblem>,
        password: Option<FieldProblem>,
    },
    /// No account with this address, no password, or another one: nobody learns which.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The password of a registration that is not confirmed yet; only its owner can get here.
    #[error("the address is not confirmed yet")]
    EmailUnconfirmed,
    #[error(transparent)]
    Hindrance(#[from] Hindrance),
}

impl<E> From<E> for SignInError
where
    StorageError: From<E>,
{
    fn from(error: E) -> Self {
        Self::Hindrance(Hindrance::Storage(error.into()))
    }
}

/// What a typed password is compared with.
enum Candidate {
    User(StoredPassword),
    Pending(Box<PendingRegistration>),
    Nobody,
}

impl Accounts {
    /// Checks an address and a password; returns the user's id.
    ///
    /// The try is counted before anything is hashed, and given back if it was right, so that tries in parallel cannot
    /// outrun the limit. Known and unknown addresses pass the same gates and cost the same work.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        client: IpAddr,
    ) -> Result<String, SignInError> {
        let (email, password) = match (
            Email::parse(email),
            Password::given(password, &self.passwords),
        ) {
            (Ok(email), Ok(password)) => (email, password),
            (email, password) => {
                return Err(SignInError::Fields {
                    email: email.err(),
                    password: password.err(),
                });
            }
        };
        let account_key = Key::account(email.key());
        let client_key = Key::client(client);
        let keys = [
            (&account_key, self.limits.account),
            (&client_key, self.limits.client),
        ];
        self.limiter.count(&keys).await.map_err(Hindrance::from)?;

        let candidate = self.candidate(&email).await?;
        let stored = match &candidate {
            Candidate::User(user) => user.password_hash.as_deref(),
            Candidate::Pending(registration) => registration.password_hash.as_deref(),
            Candidate::Nobody => None,
        };
        let verdict = self
            .verify_counted(password.clone(), stored, &account_key, &client_key)
            .await?;
        match (candidate, verdict) {
            (Candidate::Nobody, _) | (_, Verdict::Wrong) => Err(SignInError::WrongCredentials),
            (Candidate::Pending(registration), _) => {
                self.send_confirmation_again(&registration).await?;
                Err(SignInError::EmailUnconfirmed)
            }
            (Candidate::User(user), verdict) => {
                // It may have waited for its turn while the password was changed for fear of whoever knows it;
                // or another sign-in has upgraded the hash.
                let current = store::password_of_user(self.database.read(), &user.user_id).await?;
                if current != user.password_hash {
                    let verdict = self
                        .verify_counted(password, current.as_deref(), &account_key, &client_key)
                        .await?;
                    if verdict == Verdict::Wrong {
                        return Err(SignInError::WrongCredentials);
                    }
                }
                self.limiter.clear_now(&account_key).await?;
                self.limiter
                    .give_back(&client_key, self.limits.client)
                    .await?;
                if let Verdict::RightAndOutdated(new) = verdict {
                    self.upgrade(&user, &new).await?;
                }
                Ok(user.user_id)
            }
        }
    }

    /// Checks a password whose try has been counted. A try that finds no place in the queue is given back.
    pub(super) async fn verify_counted(
        &self,
        password: Password,
        stored: Option<&str>,
        account_key: &Key,
        client_key: &Key,
    ) -> Result<Verdict, Hindrance> {
        match self.hasher.verify(password, stored).await {
            Ok(verdict) => Ok(verdict),
            Err(overloaded) => {
                self.limiter
                    .give_back(account_key, self.limits.account)
                    .await?;
                self.limiter
                    .give_back(client_key, self.limits.client)
                    .await?;
                Err(overloaded.into())
            }
        }
    }

    async fn candidate(&self, email: &Email) -> Result<Candidate, StorageError> {
        let user = store::password_by_email(self.database.read(), email).await?;
        // Looked up in any case, so that the two cases take the same time.
        let pending =
            registrations::newest_registration(self.database.read(), email, self.clock.now())
                .await?;
        Ok(match (user, pending) {
            (Some(user), _) => Candidate::User(user),
            (None, Some(registration)) => Candidate::Pending(Box::new(registration)),
            (None, None) => Candidate::Nobody,
        })
    }

    /// Only replaces the hash that was checked: a password changed meanwhile stays.
    async fn upgrade(&self, user: &StoredPassword, new: &str) -> Result<(), StorageError> {
        let mut tx = self.database.write().await?;
        store::replace_password(&mut tx, &user.user_id, user.password_hash.as_deref(), new).await?;
        Ok(tx.commit().await?)
    }

    async fn send_confirmation_again(
        &self,
        registration: &PendingRegistration,
    ) -> Result<(), StorageError> {
        if !self.may_mail(&registration.email_key).await? {
            return Ok(());
        }
        let mut tx = self.database.write().await?;
        let mail = Mail::ConfirmEmail {
            registration_id: registration.id.clone(),
        };
        self.mails.add(&mut tx, &mail, &registration.email).await?;
        tx.commit().await?;
        self.mails.wake();
        Ok(())
    }
}
