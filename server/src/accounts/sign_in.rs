//! Signing in with a password.

use std::net::IpAddr;

use app::model::FieldProblem;
use secrecy::{ExposeSecret, SecretString};

use super::{
    Accounts, Email, Password, ServiceError,
    attempt::Attempt,
    error::from_storage,
    hasher::Verdict,
    registration_store::{self as registrations, PendingRegistration},
    store,
};
use crate::{database::StorageError, limits::Key, mail::Mail, session};

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
    /// The password is that of a pending registration. Anyone who registers an address gets this response,
    /// whether or not the address has an account.
    #[error("the address is not confirmed yet")]
    EmailUnverified,
    #[error(transparent)]
    Service(#[from] ServiceError),
}

from_storage!(SignInError::Service);

/// Proof that a user gave the right password.
#[derive(Debug)]
pub struct PasswordProof {
    pub user_id: String,
    password: Password,
    /// The stored hash; `None` if there is no password.
    stored: Option<SecretString>,
    /// The hash to store instead, if that one is of another kind or cost.
    successor: Option<SecretString>,
    /// Counted until [`Accounts::settle`].
    attempt: Attempt,
}

impl Accounts {
    /// Checks an address and a password.
    ///
    /// The attempt is counted before anything is hashed, and stays counted until
    /// [`settle`](Self::settle). Addresses with and without an account go through the
    /// same checks at the same cost; a pending registration costs a second hash, with or without an account.
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
            Password::parse_existing(password.expose_secret(), &self.config.passwords),
        ) {
            (Ok(email), Ok(password)) => (email, password),
            (email, password) => {
                return Err(SignInError::Fields {
                    email: email.err(),
                    password: password.err(),
                });
            }
        };
        let attempt = self.count_attempt(email.key(), client).await?;
        let user = store::password_by_email(self.database.read(), &email).await?;
        // Always looked up, so that all cases take the same time.
        let pending =
            registrations::newest_registration(self.database.read(), &email, self.clock.now())
                .await?;
        let stored = user.as_ref().and_then(|user| user.password_hash.as_deref());
        let verdict = self
            .verify_counted(password.clone(), stored, &attempt)
            .await?;
        let Some(user) = user.filter(|_| verdict != Verdict::Wrong) else {
            // Checked even if there is an account: otherwise, registering an address and signing in would
            // reveal it.
            let Some(registration) = pending else {
                return Err(SignInError::WrongCredentials);
            };
            let stored = registration.password_hash.as_deref();
            // The attempt stays counted even if this is overloaded: the account's password has been checked
            // already.
            let verdict = self.hasher.verify(password, stored, email.key()).await;
            if verdict.map_err(ServiceError::from)? == Verdict::Wrong {
                return Err(SignInError::WrongCredentials);
            }
            self.send_confirmation_again(&registration).await?;
            return Err(SignInError::EmailUnverified);
        };
        // While the job was queued, the user may have changed the password to lock out an attacker who knows
        // it, or another sign-in may have replaced the hash.
        let current = store::password_of_user(self.database.read(), &user.user_id).await?;
        let verdict = if current == user.password_hash {
            verdict
        } else {
            self.verify_counted(password.clone(), current.as_deref(), &attempt)
                .await?
        };
        let successor = match verdict {
            Verdict::Wrong => return Err(SignInError::WrongCredentials),
            Verdict::Right => None,
            Verdict::RightAndOutdated(new) => Some(new.into()),
        };
        Ok(PasswordProof {
            user_id: user.user_id,
            password,
            stored: current.map(Into::into),
            successor,
            attempt,
        })
    }

    /// Forgets the failures before this proof, no longer counts its own attempt, and replaces a hash of another kind or
    /// cost. Belongs to the transaction that begins the session.
    pub fn settle(&self, proof: &PasswordProof) -> session::Besides {
        let (accounts, attempt) = (self.clone(), proof.attempt.clone());
        let user_id = proof.user_id.clone();
        let change = proof.stored.clone().zip(proof.successor.clone());
        Box::new(move |tx| {
            Box::pin(async move {
                // Before the rate limits, since choosing a new password takes both in this order.
                if let Some((old, new)) = change {
                    let (old, new) = (old.expose_secret(), new.expose_secret());
                    store::replace_password(tx, &user_id, Some(old), new).await?;
                }
                accounts.settle_attempt(tx, &attempt).await
            })
        })
    }

    /// Whether the password is still the one that was verified. Changing it ends all existing sessions, so a
    /// caller that has started a session since the check must ask again.
    ///
    /// # Errors
    /// If the database is unavailable, or the hasher is overloaded.
    pub async fn still_holds(&self, proof: &PasswordProof) -> Result<bool, ServiceError> {
        let current = store::password_of_user(self.database.read(), &proof.user_id).await?;
        let known = [&proof.stored, &proof.successor];
        let known = known.map(|hash| hash.as_ref().map(|hash| hash.expose_secret()));
        let Some(current) = current else {
            return Ok(proof.stored.is_none());
        };
        if known.contains(&Some(current.as_str())) {
            return Ok(true);
        }
        if proof.successor.is_none() {
            return Ok(false);
        }
        // A sign-in at the same time may have replaced the hash by another one of the same password.
        let email_key = proof.attempt.email_key();
        let verdict = self
            .hasher
            .verify(proof.password.clone(), Some(&current), email_key);
        Ok(verdict.await? != Verdict::Wrong)
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
