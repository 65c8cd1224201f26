//! All SQL about users, registrations and password resets.

use sqlx::{FromRow, SqlitePool};

use super::{Email, User};
use crate::{
    clock::Timestamp,
    database::{Connection, StorageError},
    random,
};

type Result<T> = std::result::Result<T, StorageError>;

/// A user's password, as it is checked at sign-in.
#[derive(FromRow)]
pub(super) struct StoredPassword {
    pub user_id: String,
    pub password_hash: Option<String>,
}

/// An attempt to get an account that waits for its mail to be clicked.
#[derive(Clone, Debug, FromRow)]
pub struct PendingRegistration {
    pub id: String,
    pub email: String,
    pub email_key: String,
    pub display_name: String,
    pub password_hash: String,
}

/// The user with an id, unless disabled.
///
/// # Errors
/// If the database does not answer.
pub async fn user_by_id(pool: &SqlitePool, id: &str) -> Result<Option<User>> {
    Ok(sqlx::query_as(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url
         FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(id)
    .fetch_optional(pool)
    .await?)
}

/// The user with an address, unless disabled.
///
/// # Errors
/// If the database does not answer.
pub async fn user_by_email_key(tx: &mut Connection, email_key: &str) -> Result<Option<User>> {
    Ok(sqlx::query_as(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url
         FROM users WHERE email_key = $1 AND disabled_at IS NULL",
    )
    .bind(email_key)
    .fetch_optional(tx)
    .await?)
}

/// The form of a user's address in which addresses are compared.
///
/// # Errors
/// If the database does not answer, or there is no such user.
pub async fn email_key_of_user(tx: &mut Connection, id: &str) -> Result<String> {
    Ok(
        sqlx::query_scalar("SELECT email_key FROM users WHERE id = $1")
            .bind(id)
            .fetch_one(tx)
            .await?,
    )
}

/// The password of the account with an address, unless disabled.
pub(super) async fn password_by_email(
    pool: &SqlitePool,
    email: &Email,
) -> Result<Option<StoredPassword>> {
    Ok(
        sqlx::query_as("SELECT id AS user_id, password_hash FROM users WHERE email_key = $1 AND disabled_at IS NULL")
            .bind(email.key())
            .fetch_optional(pool)
            .await?,
    )
}

/// A user's password hash.
pub(super) async fn password_of_user(pool: &SqlitePool, user_id: &str) -> Result<Option<String>> {
    let hash: Option<Option<String>> =
        sqlx::query_scalar("SELECT password_hash FROM users WHERE id = $1")
            .bind(user_id)
            .fetch_optional(pool)
            .await?;
    Ok(hash.flatten())
}

/// Stores a password hash if the old one is still there; whether it was.
pub(super) async fn replace_password(
    tx: &mut Connection,
    user_id: &str,
    old: Option<&str>,
    new: &str,
) -> Result<bool> {
    let done = sqlx::query(
        "UPDATE users SET password_hash = $1 WHERE id = $2 AND COALESCE(password_hash, '') = $3",
    )
    .bind(new)
    .bind(user_id)
    .bind(old.unwrap_or_default())
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Stores a password hash, whatever was there.
pub(super) async fn set_password(tx: &mut Connection, user_id: &str, hash: &str) -> Result<()> {
    sqlx::query("UPDATE users SET password_hash = $1 WHERE id = $2")
        .bind(hash)
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Stores what a user calls themselves and looks like.
pub(super) async fn set_profile(
    tx: &mut Connection,
    user_id: &str,
    display_name: &str,
    photo_url: Option<&str>,
) -> Result<()> {
    sqlx::query("UPDATE users SET display_name = $1, photo_url = $2 WHERE id = $3")
        .bind(display_name)
        .bind(photo_url)
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Makes a user of a confirmed registration; the new user's id, or none if the address has an account by now.
pub(super) async fn insert_user(
    tx: &mut Connection,
    from: &PendingRegistration,
    now: Timestamp,
) -> Result<Option<String>> {
    let id = random::uid();
    let done = sqlx::query(
        "INSERT INTO users (id, email, email_key, email_verified_at, display_name, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $4) ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(&id)
    .bind(&from.email)
    .bind(&from.email_key)
    .bind(now)
    .bind(&from.display_name)
    .bind(&from.password_hash)
    .execute(tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// Notes an attempt to register; false if its form was sent before.
pub(super) async fn insert_registration(
    tx: &mut Connection,
    registration: &PendingRegistration,
    attempt: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query(
        "INSERT INTO registrations
             (id, attempt, email, email_key, display_name, password_hash, expires_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (attempt) DO NOTHING",
    )
    .bind(&registration.id)
    .bind(attempt)
    .bind(&registration.email)
    .bind(&registration.email_key)
    .bind(&registration.display_name)
    .bind(&registration.password_hash)
    .bind(expires_at)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// The registration with an id, if it has not expired.
///
/// # Errors
/// If the database does not answer.
pub async fn pending_registration(
    tx: &mut Connection,
    id: &str,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    Ok(sqlx::query_as(
        "SELECT id, email, email_key, display_name, password_hash FROM registrations
         WHERE id = $1 AND expires_at > $2",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(tx)
    .await?)
}

/// The newest registration of an address, if one waits.
pub(super) async fn newest_registration(
    pool: &SqlitePool,
    email: &Email,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    Ok(sqlx::query_as(
        "SELECT id, email, email_key, display_name, password_hash FROM registrations
         WHERE email_key = $1 AND expires_at > $2 ORDER BY created_at DESC LIMIT 1",
    )
    .bind(email.key())
    .bind(now)
    .fetch_optional(pool)
    .await?)
}

/// Stores the token of the mail that is about to be sent for a registration.
///
/// # Errors
/// If the database does not take it.
pub async fn set_registration_token(tx: &mut Connection, id: &str, token: &str) -> Result<()> {
    sqlx::query("UPDATE registrations SET token_hash = $1 WHERE id = $2")
        .bind(random::fingerprint(token))
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a link of a registration would still work.
pub(super) async fn registration_token_lives(
    pool: &SqlitePool,
    token: &str,
    now: Timestamp,
) -> Result<bool> {
    let found: Option<i64> = sqlx::query_scalar(
        "SELECT created_at FROM registrations WHERE token_hash = $1 AND expires_at > $2",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(pool)
    .await?;
    Ok(found.is_some())
}

/// Takes the registration of a token out of the database; whoever gets it is the only one.
pub(super) async fn consume_registration(
    tx: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<PendingRegistration>> {
    Ok(sqlx::query_as(
        "DELETE FROM registrations WHERE token_hash = $1 AND expires_at > $2
         RETURNING id, email, email_key, display_name, password_hash",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(tx)
    .await?)
}

/// Forgets a registration.
///
/// # Errors
/// If the database does not take it.
pub async fn delete_registration(tx: &mut Connection, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM registrations WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Forgets every registration of an address.
pub(super) async fn delete_registrations_of(tx: &mut Connection, email_key: &str) -> Result<()> {
    sqlx::query("DELETE FROM registrations WHERE email_key = $1")
        .bind(email_key)
        .execute(tx)
        .await?;
    Ok(())
}

/// Stores the token of the mail that is about to be sent for choosing a new password; an older link is void.
///
/// # Errors
/// If the database does not take it.
pub async fn set_reset_token(
    tx: &mut Connection,
    user_id: &str,
    token: &str,
    expires_at: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO password_resets (user_id, token_hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, expires_at = $3",
    )
    .bind(user_id)
    .bind(random::fingerprint(token))
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// The user for whom a reset link still works.
pub(super) async fn user_of_reset(
    pool: &SqlitePool,
    token: &str,
    now: Timestamp,
) -> Result<Option<User>> {
    Ok(sqlx::query_as(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url
         FROM users WHERE disabled_at IS NULL AND id =
             (SELECT user_id FROM password_resets WHERE token_hash = $1 AND expires_at > $2)",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(pool)
    .await?)
}

/// Takes a reset link out of the database; whoever gets the user's id is the only one.
pub(super) async fn consume_reset(
    tx: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(
        "DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(tx)
    .await?)
}

/// Voids a user's reset link.
pub(super) async fn delete_reset_of(tx: &mut Connection, user_id: &str) -> Result<()> {
    sqlx::query("DELETE FROM password_resets WHERE user_id = $1")
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes a batch of expired registrations and reset links; returns how many.
///
/// # Errors
/// If the database does not take it.
pub async fn sweep(tx: &mut Connection, now: Timestamp, batch: i64) -> Result<u64> {
    let registrations = sqlx::query(
        "DELETE FROM registrations WHERE id IN (SELECT id FROM registrations WHERE expires_at <= $1 LIMIT $2)",
    )
    .bind(now)
    .bind(batch)
    .execute(&mut *tx)
    .await?;
    let resets = sqlx::query(
        "DELETE FROM password_resets WHERE user_id IN
             (SELECT user_id FROM password_resets WHERE expires_at <= $1 LIMIT $2)",
    )
    .bind(now)
    .bind(batch)
    .execute(tx)
    .await?;
    Ok(registrations.rows_affected() + resets.rows_affected())
}
