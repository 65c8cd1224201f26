//! All SQL about users who move in or out.

use super::candidate::NewAccount;
use crate::{
    accounts::{User, set_attributes},
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Reader, StorageError, query},
};

type Result<T> = std::result::Result<T, StorageError>;

/// Which accounts a new one meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met {
    None,
    /// The same ID and address.
    Same,
    /// The address, of another ID.
    Email,
    /// The ID, with another address.
    Id,
}

/// A user with what an export has besides.
pub(super) struct StoredUser {
    pub user: User,
    pub password_hash: Option<String>,
    pub disabled: bool,
}

impl FromRow for StoredUser {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            user: User::from_row(row)?,
            password_hash: row.get("password_hash")?,
            disabled: row.get("disabled")?,
        })
    }
}

/// Adds an account, unless its ID or address has one.
pub(super) async fn insert(tx: &mut Connection, new: &NewAccount, now: Timestamp) -> Result<bool> {
    let done = query(
        "INSERT INTO users (id, email, email_key, email_verified_at, display_name, photo_url, password_hash,
                            disabled_at, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
    )
    .bind(&new.id)
    .bind(new.email.as_str())
    .bind(new.email.key())
    .bind(new.email_verified.then_some(now))
    .bind(&new.profile.display_name)
    .bind(&new.profile.photo_url)
    .bind(&new.password_hash)
    .bind(new.disabled.then_some(now))
    .bind(new.created_at.unwrap_or(now))
    .execute(&mut *tx)
    .await?;
    if done == 1 {
        set_attributes(tx, &new.id, &new.attributes).await?;
    }
    Ok(done == 1)
}

/// Which accounts a new one meets.
pub(super) async fn meets(connection: &mut Connection, new: &NewAccount) -> Result<Met> {
    let key: Option<String> = query("SELECT email_key FROM users WHERE id = $1")
        .bind(&new.id)
        .fetch_optional(&mut *connection)
        .await?;
    if let Some(key) = key {
        return Ok(match key == new.email.key() {
            true => Met::Same,
            false => Met::Id,
        });
    }
    let id: Option<String> = query("SELECT id FROM users WHERE email_key = $1")
        .bind(new.email.key())
        .fetch_optional(connection)
        .await?;
    Ok(id.map_or(Met::None, |_| Met::Email))
}

/// Users in the order of their IDs: at most `limit`, after this one.
pub(super) async fn users_after(reader: &Reader, id: &str, limit: u32) -> Result<Vec<StoredUser>> {
    query(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url, password_hash,
                created_at, disabled_at IS NOT NULL AS disabled
         FROM users WHERE id > $1 ORDER BY id LIMIT $2",
    )
    .bind(id)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
}
