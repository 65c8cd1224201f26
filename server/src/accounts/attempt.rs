//! Password attempts: counted before the password is hashed, and settled if it was right.

use std::net::IpAddr;

use super::{Accounts, Password, ServiceError, hasher::Verdict};
use crate::{
    database::{Connection, StorageError},
    limits::Key,
};

/// A counted attempt.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    email_key: String,
    account: Key,
    client: Key,
}

impl Attempt {
    /// The key of the address whose password was given.
    pub(super) fn email_key(&self) -> &str {
        &self.email_key
    }
}

impl Accounts {
    /// Counts an attempt to give the password of an address, whether or not it has an account. Counted before anything
    /// is hashed, so that parallel attempts cannot exceed the rate limits.
    ///
    /// # Errors
    /// If there were too many, or the database is unavailable.
    pub(super) async fn count_attempt(
        &self,
        email_key: &str,
        client: IpAddr,
    ) -> Result<Attempt, ServiceError> {
        let attempt = Attempt {
            email_key: email_key.to_owned(),
            account: Key::account(email_key),
            client: Key::client(client),
        };
        let keys = [
            (&attempt.account, self.limits.account),
            (&attempt.client, self.limits.client),
        ];
        self.limiter.count(&keys).await?;
        Ok(attempt)
    }

    /// Checks the password of a counted attempt. If the hasher is overloaded, the permits are returned.
    ///
    /// # Errors
    /// If the hasher is overloaded, or the database is unavailable.
    pub(super) async fn verify_counted(
        &self,
        password: Password,
        stored: Option<&str>,
        attempt: &Attempt,
    ) -> Result<Verdict, ServiceError> {
        match self
            .hasher
            .verify(password, stored, &attempt.email_key)
            .await
        {
            Ok(verdict) => Ok(verdict),
            Err(overloaded) => {
                let keys = [
                    (&attempt.account, self.limits.account),
                    (&attempt.client, self.limits.client),
                ];
                let mut tx = self.database.write().await?;
                self.limiter.return_permits(&mut tx, &keys).await?;
                tx.commit().await?;
                Err(overloaded.into())
            }
        }
    }

    /// Forgets the failures of the account and returns the client's permit: the password was right.
    ///
    /// # Errors
    /// If the write fails.
    pub(super) async fn settle_attempt(
        &self,
        tx: &mut Connection,
        attempt: &Attempt,
    ) -> Result<(), StorageError> {
        let client = [(&attempt.client, self.limits.client)];
        // In the order in which `count` locks both.
        if attempt.account < attempt.client {
            self.limiter.clear(tx, &attempt.account).await?;
            self.limiter.return_permits(tx, &client).await
        } else {
            self.limiter.return_permits(tx, &client).await?;
            self.limiter.clear(tx, &attempt.account).await
        }
    }
}
