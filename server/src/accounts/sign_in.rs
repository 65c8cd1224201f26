//! Signing in with a password.

use std::net::IpAddr;

use app::model::FieldProblem;
use secrecy::{ExposeSecret, SecretString};

use super::{
    Accounts, Email, Password, ServiceError,
    error::from_storage,
    hasher::Verdict,
    registration_store::{self as registrations, PendingRegistration},
    store::{self, StoredPassword},
};
use crate::{database::StorageError, limits::Key, mail::Mail, random};

/// Why the sign-in failed.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the form cannot be used")]
    Fields {
        email: Option<FieldProblem>,
        password: Option<FieldProblem>,
    },
    /// No account with this address, no password, or a wrong one: the response does not tell which.
    #[error("wrong credentials")]
    WrongCredentials,
    /// The password of a registration that is not confirmed yet. Anyone who registers an address gets here, whether or
    /// not it has an account.
    #[error("the address is not confirmed yet")]
    EmailUnconfirmed,
    #[error(transparent)]
    Service(#[from] ServiceError),
}

from_storage!(SignInError::Service);

/// Who has proved to be a user, and by which password.
#[derive(Debug)]
pub struct PasswordProof {
    pub user_id: String,
    /// Of what is stored of the password.
    fingerprint: Option<String>,
}

impl Accounts {
    /// Checks an address and a password.
    ///
    /// The try is counted before anything is hashed, and given back if it was right, so that tries in parallel cannot
    /// outrun the limit. Addresses with and without an account pass the same gates and cost the same work; a
    /// registration that waits costs a second hash, with or without an account.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        email: &str,
        password: &SecretString,
        client: IpAddr,
    ) -> Result<PasswordProof, SignInError> {
        let (email, password) = match (
            Email::parse(email),
            Password::given(password.expose_secret(), &self.config.passwords),
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
        self.limiter
            .count(&keys)
            .await
            .map_err(ServiceError::from)?;

        let user = store::password_by_email(self.database.read(), &email).await?;
        // Looked up in any case, so that all cases take the same time.
        let pending =
            registrations::newest_registration(self.database.read(), &email, self.clock.now())
                .await?;
        let stored = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let verdict = self
            .verify_counted(password.clone(), stored, &account_key, &client_key)
            .await?;
        let Some(user) = user.filter(|_| verdict != Verdict::Wrong) else {
            // Even if there is an account: registering an address and signing in must not reveal it.
            let Some(registration) = pending else {
                return Err(SignInError::WrongCredentials);
            };
            let stored = registration.password_hash.as_deref();
            // Never given back: the password has been compared with the account's already.
            let verdict = self.hasher.verify(password, stored).await;
            if verdict.map_err(ServiceError::from)? == Verdict::Wrong {
                return Err(SignInError::WrongCredentials);
            }
            self.send_confirmation_again(&registration).await?;
            return Err(SignInError::EmailUnconfirmed);
        };
        let expected = match verdict {
            Verdict::RightAndOutdated(new) if self.upgrade(&user, &new).await? => Some(new),
            _ => user.password_hash,
        };
        // While it waited in the queue, the password may have been changed to lock out an attacker who knows it;
        // or another sign-in has upgraded the hash.
        let current = store::password_of_user(self.database.read(), &user.user_id).await?;
        if current != expected {
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
        Ok(PasswordProof {
            user_id: user.user_id,
            fingerprint: fingerprint(current),
        })
    }

    /// Whether the verified password is still the user's. A new password ends all existing sessions, so a caller that
    /// has begun one since the proof asks this once more.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn still_holds(&self, proof: &PasswordProof) -> Result<bool, StorageError> {
        let current = store::password_of_user(self.database.read(), &proof.user_id).await?;
        Ok(fingerprint(current) == proof.fingerprint)
    }

    /// Checks a password whose try has been counted. A try that finds no place in the queue is given back.
    pub(super) async fn verify_counted(
        &self,
        password: Password,
        stored: Option<&str>,
        account_key: &Key,
        client_key: &Key,
    ) -> Result<Verdict, ServiceError> {
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

    /// Only replaces the hash that was checked: a password changed meanwhile stays. Whether it was replaced.
    async fn upgrade(&self, user: &StoredPassword, new: &str) -> Result<bool, StorageError> {
        let mut tx = self.database.write().await?;
        let checked = user.password_hash.as_deref();
        let done = store::replace_password(&mut tx, &user.user_id, checked, new).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn send_confirmation_again(
        &self,
        registration: &PendingRegistration,
    ) -> Result<(), StorageError> {
        if !self
            .may_mail(Key::welcome_mail(&registration.email_key))
            .await?
        {
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

fn fingerprint(stored: Option<String>) -> Option<String> {
    stored.map(|hash| random::fingerprint(&hash))
}
