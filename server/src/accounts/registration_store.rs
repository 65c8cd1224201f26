//! All SQL about pending registrations.

use super::{Email, identity::ExternalIdentity};
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Json, Reader, StorageError, Sweep, query},
    random,
};

type Result<T> = std::result::Result<T, StorageError>;

/// A registration whose address isn't verified yet.
#[derive(Clone, Debug)]
pub struct PendingRegistration {
    pub id: String,
    pub email: String,
    pub email_key: String,
    pub display_name: String,
    /// `None` if the user came from an identity provider.
    pub password_hash: Option<String>,
    /// The account at the identity provider, if the user came from one.
    pub identity: Option<ExternalIdentity>,
}

impl FromRow for PendingRegistration {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            email_key: row.get("email_key")?,
            display_name: row.get("display_name")?,
            password_hash: row.get("password_hash")?,
            identity: row
                .get::<Option<Json<ExternalIdentity>>>("identity")?
                .map(|identity| identity.0),
        })
    }
}

/// Adds a registration. Returns false if the same form was sent before.
pub(super) async fn insert_registration(
    tx: &mut Connection,
    registration: &PendingRegistration,
    attempt: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = query(
        "INSERT INTO registrations
             (id, attempt, email, email_key, display_name, password_hash, identity, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (attempt) DO NOTHING",
    )
    .bind(&registration.id)
    .bind(attempt)
    .bind(&registration.email)
    .bind(&registration.email_key)
    .bind(&registration.display_name)
    .bind(&registration.password_hash)
    .bind(registration.identity.as_ref().map(Json))
    .bind(expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// The registration with an id, if it has not expired.
///
/// # Errors
/// If the database is unavailable.
pub async fn pending_registration(
    tx: &mut Connection,
    id: &str,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    query(
        "SELECT id, email, email_key, display_name, password_hash, identity FROM registrations
         WHERE id = $1 AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// The newest registration of an address that has a password and has not expired.
pub(super) async fn newest_registration(
    reader: &Reader,
    email: &Email,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    query(
        "SELECT id, email, email_key, display_name, password_hash, identity FROM registrations
         WHERE email_key = $1 AND expires_at > $2 AND password_hash IS NOT NULL
         ORDER BY created_at DESC LIMIT 1",
    )
    .bind(email.key())
    .bind(now)
    .fetch_optional(reader)
    .await
}

/// Stores the hash of the token in the mail that is about to be sent for a registration.
///
/// # Errors
/// If the write fails.
pub async fn set_registration_token(tx: &mut Connection, id: &str, token: &str) -> Result<()> {
    query("UPDATE registrations SET token_hash = $1 WHERE id = $2")
        .bind(random::fingerprint(token))
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// The registration with a token, if it has not expired.
pub(super) async fn registration_of_token(
    reader: &Reader,
    token: &str,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    query(
        "SELECT id, email, email_key, display_name, password_hash, identity FROM registrations
         WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(reader)
    .await
}

/// Deletes the registration with a token and returns it. Of concurrent callers, only one gets it.
pub(super) async fn consume_registration(
    tx: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    query(
        "DELETE FROM registrations WHERE token_hash = $1 AND expires_at > $2
         RETURNING id, email, email_key, display_name, password_hash, identity",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(tx)
    .await
}

/// Deletes all registrations of an address.
pub(super) async fn delete_registrations_of(tx: &mut Connection, email_key: &str) -> Result<()> {
    query("DELETE FROM registrations WHERE email_key = $1")
        .bind(email_key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes expired registrations.
pub const SWEEP_REGISTRATIONS: Sweep = Sweep::new(
    "DELETE FROM registrations WHERE id IN
         (SELECT id FROM registrations WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
          FOR UPDATE SKIP LOCKED)",
);
