//! Registering. The account is created once the user confirms the address with the link in a mail.

use std::{net::IpAddr, time::Duration};

use app::model::FieldProblem;
use secrecy::{ExposeSecret, SecretString};

use super::{
    Accounts, Email, Password, ServiceError,
    error::from_storage,
    identity::ExternalIdentity,
    profile::display_name,
    registration_store::{self as registrations, PendingRegistration},
};
use crate::{
    database::StorageError,
    limits::{Key, LimitError},
    mail::Mail,
    random,
};

/// How long the link in the mail works.
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// The input of the registration form.
#[derive(Clone, Copy, Debug)]
pub struct Registration<'a> {
    pub email: &'a str,
    pub display_name: &'a str,
    pub password: &'a SecretString,
    /// Random value of the form: the same form sent twice registers once.
    pub attempt: &'a str,
}

impl Registration<'_> {
    /// The same for a form that is sent twice, unless a field was changed in between.
    fn fingerprint(&self, key: &SecretString) -> String {
        if !(20..=64).contains(&self.attempt.len()) {
            return random::token();
        }
        let password = self.password.expose_secret();
        let fields = [self.attempt, self.email, self.display_name, password];
        random::fingerprint(&[key.expose_secret(), &fields.join("\n")].concat())
    }
}

/// What is wrong with each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegisterProblems {
    pub email: Option<FieldProblem>,
    pub display_name: Option<FieldProblem>,
    pub password: Option<FieldProblem>,
}

/// Why a registration was not stored.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error("the form cannot be used")]
    Fields(RegisterProblems),
    #[error(transparent)]
    Service(#[from] ServiceError),
}

from_storage!(RegisterError::Service);

impl Accounts {
    /// Stores a pending registration and queues its mail.
    ///
    /// Whether the address already has an account is looked up when the mail is written, never here, so that
    /// the response and its timing are the same in both cases.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn register(
        &self,
        form: Registration<'_>,
        client: IpAddr,
    ) -> Result<Email, RegisterError> {
        let (email, name, password) = self
            .parse_registration(form)
            .map_err(RegisterError::Fields)?;
        let forms_key = Key::forms(client);
        let keys = [(&forms_key, self.limits.forms)];
        self.limiter
            .count(&keys)
            .await
            .map_err(ServiceError::from)?;
        let may_mail = self.may_mail(Key::welcome_mail(email.key())).await?;
        let password_hash = self
            .hasher
            .hash(password)
            .await
            .map_err(ServiceError::from)?;
        if !may_mail {
            return Ok(email);
        }
        let pending = PendingRegistration {
            id: random::uid(),
            email: email.as_str().to_owned(),
            email_key: email.key().to_owned(),
            display_name: name,
            password_hash: Some(password_hash),
            identity: None,
        };
        self.store_registration(&pending, &form.fingerprint(&self.form_key))
            .await?;
        Ok(email)
    }

    /// Stores a pending registration of a user whose identity provider has verified no address, and queues
    /// its mail.
    ///
    /// # Errors
    /// [`RegisterError`].
    pub async fn register_with(
        &self,
        identity: &ExternalIdentity,
        email: &str,
        name: &str,
        client: IpAddr,
    ) -> Result<Email, RegisterError> {
        let (email, name) = match (Email::parse(email), display_name(name)) {
            (Ok(email), Ok(name)) => (email, name),
            (email, name) => {
                return Err(RegisterError::Fields(RegisterProblems {
                    email: email.err(),
                    display_name: name.err(),
                    password: None,
                }));
            }
        };
        let forms_key = Key::forms(client);
        let keys = [(&forms_key, self.limits.forms)];
        self.limiter
            .count(&keys)
            .await
            .map_err(ServiceError::from)?;
        if self.may_mail(Key::welcome_mail(email.key())).await? {
            let pending = PendingRegistration {
                id: random::uid(),
                email: email.as_str().to_owned(),
                email_key: email.key().to_owned(),
                display_name: name,
                password_hash: None,
                identity: Some(identity.clone()),
            };
            self.store_registration(&pending, &random::token()).await?;
        }
        Ok(email)
    }

    /// Counts a mail to an address; returns whether the rate limit allows it.
    pub(super) async fn may_mail(&self, key: Key) -> Result<bool, StorageError> {
        match self.limiter.count(&[(&key, self.limits.mail)]).await {
            Ok(()) => Ok(true),
            Err(LimitError::RateLimited(_)) => Ok(false),
            Err(LimitError::Storage(error)) => Err(error),
        }
    }

    fn parse_registration(
        &self,
        form: Registration<'_>,
    ) -> Result<(Email, String, Password), RegisterProblems> {
        let email = Email::parse(form.email);
        let name = display_name(form.display_name);
        let password = Password::parse_new(
            form.password.expose_secret(),
            &[form.email, form.display_name],
            &self.config.passwords,
        );
        match (email, name, password) {
            (Ok(email), Ok(name), Ok(password)) => Ok((email, name, password)),
            (email, name, password) => Err(RegisterProblems {
                email: email.err(),
                display_name: name.err(),
                password: password.err(),
            }),
        }
    }

    async fn store_registration(
        &self,
        pending: &PendingRegistration,
        attempt: &str,
    ) -> Result<(), StorageError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        if registrations::insert_registration(&mut tx, pending, attempt, now + LIFETIME, now)
            .await?
        {
            let mail = Mail::ConfirmEmail {
                registration_id: pending.id.clone(),
            };
            self.mails.add(&mut tx, &mail, &pending.email).await?;
        }
        tx.commit().await?;
        self.mails.wake();
        Ok(())
    }
}
