//! All SQL about users and their password resets.

use super::{Email, User};
use crate::{
    clock::Timestamp,
    database::{Connection, Database, DbRow, FromRow, Reader, StorageError, Sweep, query},
    random, session,
};

type Result<T> = std::result::Result<T, StorageError>;

/// A user's password hash, as needed to sign in.
pub(super) struct StoredPassword {
    pub user_id: String,
    pub password_hash: Option<String>,
}

impl FromRow for StoredPassword {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            user_id: row.get("user_id")?,
            password_hash: row.get("password_hash")?,
        })
    }
}

impl FromRow for User {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            email_verified: row.get("email_verified")?,
            display_name: row.get("display_name")?,
            photo_url: row.get("photo_url")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// A session's user, and when the session ends.
pub(super) struct SessionUser {
    pub session: session::Times,
    pub user: User,
}

impl FromRow for SessionUser {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            session: session::Times::from_row(row)?,
            user: User::from_row(row)?,
        })
    }
}

/// The values of a new account.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewUser<'a> {
    pub email: &'a str,
    pub email_key: &'a str,
    pub display_name: &'a str,
    pub photo_url: Option<&'a str>,
    pub password_hash: Option<&'a str>,
}

/// The user with an id, unless disabled.
///
/// # Errors
/// If the database is unavailable.
pub async fn user_by_id(reader: &Reader, id: &str) -> Result<Option<User>> {
    query(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url,
                created_at
         FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(id)
    .fetch_optional(reader)
    .await
}

/// The user of a session, unless disabled. The session may have ended. One statement, since every request for a
/// credential waits for it.
pub(super) async fn user_of_session(reader: &Reader, id_hash: &str) -> Result<Option<SessionUser>> {
    query(
        "SELECT s.seen_at, s.expires_at, u.id, u.email, u.email_verified_at IS NOT NULL AS email_verified,
                u.display_name, u.photo_url, u.created_at
         FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE s.id_hash = $1 AND u.disabled_at IS NULL",
    )
    .bind(id_hash)
    .fetch_optional(reader)
    .await
}

/// The user with an address, unless disabled.
///
/// # Errors
/// If the database is unavailable.
pub async fn user_by_email_key(tx: &mut Connection, email_key: &str) -> Result<Option<User>> {
    query(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url,
                created_at
         FROM users WHERE email_key = $1 AND disabled_at IS NULL",
    )
    .bind(email_key)
    .fetch_optional(tx)
    .await
}

/// The key by which a user's address is compared; see [`Email::key`].
///
/// # Errors
/// If the database is unavailable or there is no such user.
pub async fn email_key_of_user(tx: &mut Connection, id: &str) -> Result<String> {
    query("SELECT email_key FROM users WHERE id = $1")
        .bind(id)
        .fetch_one(tx)
        .await
}

/// The password of the account with an address, unless disabled.
pub(super) async fn password_by_email(
    reader: &Reader,
    email: &Email,
) -> Result<Option<StoredPassword>> {
    query("SELECT id AS user_id, password_hash FROM users WHERE email_key = $1 AND disabled_at IS NULL")
        .bind(email.key())
        .fetch_optional(reader)
        .await
}

/// A user's password hash.
pub(super) async fn password_of_user(reader: &Reader, user_id: &str) -> Result<Option<String>> {
    let hash: Option<Option<String>> = query("SELECT password_hash FROM users WHERE id = $1")
        .bind(user_id)
        .fetch_optional(reader)
        .await?;
    Ok(hash.flatten())
}

/// The password hashes of some users, always the same ones for a key.
pub(super) async fn sample_of_hashes(
    reader: &Reader,
    key: &str,
    limit: u32,
) -> Result<Vec<String>> {
    let start = random::fingerprint(key);
    // IDs have half as many characters.
    let start = &start[..32];
    let sample = query("SELECT password_hash FROM users WHERE id >= $1 ORDER BY id LIMIT $2");
    let after: Vec<Option<String>> = sample
        .bind(start)
        .bind(i64::from(limit))
        .fetch_all(reader)
        .await?;
    let rest = i64::from(limit) - after.len() as i64;
    let sample = query("SELECT password_hash FROM users WHERE id < $1 ORDER BY id LIMIT $2");
    let before: Vec<Option<String>> = sample.bind(start).bind(rest).fetch_all(reader).await?;
    Ok(after.into_iter().chain(before).flatten().collect())
}

/// The key by which addresses without an account get their decoys: the same for all servers, and after a restart.
pub(super) async fn decoy_key(database: &Database) -> Result<String> {
    let stored = query("SELECT value FROM shared_keys WHERE name = 'decoys'")
        .fetch_optional(database.read())
        .await?;
    if let Some(key) = stored {
        return Ok(key);
    }
    let mut tx = database.write().await?;
    query(
        "INSERT INTO shared_keys (name, value) VALUES ('decoys', $1) ON CONFLICT (name) DO NOTHING",
    )
    .bind(random::token())
    .execute(&mut tx)
    .await?;
    let key = query("SELECT value FROM shared_keys WHERE name = 'decoys'")
        .fetch_one(&mut tx)
        .await?;
    tx.commit().await?;
    Ok(key)
}

/// Replaces a password hash if it is still `old`; returns whether it was.
pub(super) async fn replace_password(
    tx: &mut Connection,
    user_id: &str,
    old: Option<&str>,
    new: &str,
) -> Result<bool> {
    let done = query(
        "UPDATE users SET password_hash = $1 WHERE id = $2 AND COALESCE(password_hash, '') = $3",
    )
    .bind(new)
    .bind(user_id)
    .bind(old.unwrap_or_default())
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Stores a password hash, replacing any other.
pub(super) async fn set_password(tx: &mut Connection, user_id: &str, hash: &str) -> Result<()> {
    query("UPDATE users SET password_hash = $1 WHERE id = $2")
        .bind(hash)
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Notes that a user has shown to own the address. Returns false if that was known.
pub(super) async fn verify_address(
    tx: &mut Connection,
    user_id: &str,
    now: Timestamp,
) -> Result<bool> {
    let done = query(
        "UPDATE users SET email_verified_at = $1 WHERE id = $2 AND email_verified_at IS NULL",
    )
    .bind(now)
    .bind(user_id)
    .execute(tx)
    .await?;
    Ok(done == 1)
}

/// Stores a user's display name and photo.
pub(super) async fn set_profile(
    tx: &mut Connection,
    user_id: &str,
    display_name: &str,
    photo_url: Option<&str>,
) -> Result<()> {
    query("UPDATE users SET display_name = $1, photo_url = $2 WHERE id = $3")
        .bind(display_name)
        .bind(photo_url)
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Adds a user with a verified address. Returns the new ID, or `None` if the address has an account by now.
pub(super) async fn insert_user(
    tx: &mut Connection,
    new: &NewUser<'_>,
    now: Timestamp,
) -> Result<Option<String>> {
    let id = random::uid();
    let done = query(
        "INSERT INTO users
             (id, email, email_key, email_verified_at, display_name, photo_url, password_hash, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $4) ON CONFLICT (email_key) DO NOTHING",
    )
    .bind(&id)
    .bind(new.email)
    .bind(new.email_key)
    .bind(now)
    .bind(new.display_name)
    .bind(new.photo_url)
    .bind(new.password_hash)
    .execute(tx)
    .await?;
    Ok((done == 1).then_some(id))
}

/// Whether an address has an account, disabled ones included.
pub(super) async fn email_is_taken(tx: &mut Connection, email: &Email) -> Result<bool> {
    let found: Option<String> = query("SELECT id FROM users WHERE email_key = $1")
        .bind(email.key())
        .fetch_optional(tx)
        .await?;
    Ok(found.is_some())
}

/// Keeps other transactions from changing a user's sign-in methods until this one ends.
pub(super) async fn lock(tx: &mut Connection, user_id: &str) -> Result<()> {
    query("SELECT id FROM users WHERE id = $1 FOR UPDATE")
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Whether a user can sign in with a password.
pub(super) async fn has_password(connection: &mut Connection, user_id: &str) -> Result<bool> {
    let hash: Option<Option<String>> = query("SELECT password_hash FROM users WHERE id = $1")
        .bind(user_id)
        .fetch_optional(connection)
        .await?;
    Ok(hash.flatten().is_some())
}

/// Stores the hash of a reset link's token; an older link stops working.
pub(super) async fn set_reset_token(
    tx: &mut Connection,
    user_id: &str,
    token: &str,
    expires_at: Timestamp,
) -> Result<()> {
    query(
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

/// The user of a reset link, if it has not expired.
pub(super) async fn user_of_reset(
    reader: &Reader,
    token: &str,
    now: Timestamp,
) -> Result<Option<User>> {
    query(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url,
                created_at
         FROM users WHERE disabled_at IS NULL AND id =
             (SELECT user_id FROM password_resets WHERE token_hash = $1 AND expires_at > $2)",
    )
    .bind(random::fingerprint(token))
    .bind(now)
    .fetch_optional(reader)
    .await
}

/// Deletes a reset token and returns the user's ID. Of concurrent callers, only one gets it.
pub(super) async fn consume_reset(
    tx: &mut Connection,
    token: &str,
    now: Timestamp,
) -> Result<Option<String>> {
    query("DELETE FROM password_resets WHERE token_hash = $1 AND expires_at > $2 RETURNING user_id")
        .bind(random::fingerprint(token))
        .bind(now)
        .fetch_optional(tx)
        .await
}

/// Deletes a user's reset link.
pub(super) async fn delete_reset_of(tx: &mut Connection, user_id: &str) -> Result<()> {
    query("DELETE FROM password_resets WHERE user_id = $1")
        .bind(user_id)
        .execute(tx)
        .await?;
    Ok(())
}

/// Deletes expired reset links.
pub const SWEEP_RESETS: Sweep = Sweep::new(
    "DELETE FROM password_resets WHERE user_id IN
         (SELECT user_id FROM password_resets WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
          FOR UPDATE SKIP LOCKED)",
);
