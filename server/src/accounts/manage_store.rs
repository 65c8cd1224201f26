//! All SQL about accounts as operators see them, disabled ones included.

use super::{Email, manage::Account};
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Reader, StorageError, query},
};

type Result<T> = std::result::Result<T, StorageError>;

impl FromRow for Account {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            display_name: row.get("display_name")?,
            created_at: row.get("created_at")?,
            disabled_at: row.get("disabled_at")?,
            has_password: row.get("has_password")?,
        })
    }
}

/// A page of accounts in the order of their addresses.
pub(super) async fn page(reader: &Reader, after: &str, limit: u32) -> Result<Vec<Account>> {
    query(
        "SELECT id, email, display_name, created_at, disabled_at, password_hash IS NOT NULL AS has_password
         FROM users WHERE email_key > $1 ORDER BY email_key LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
}

pub(super) async fn by_id(reader: &Reader, id: &str) -> Result<Option<Account>> {
    query(
        "SELECT id, email, display_name, created_at, disabled_at, password_hash IS NOT NULL AS has_password
         FROM users WHERE id = $1",
    )
    .bind(id)
    .fetch_optional(reader)
    .await
}

pub(super) async fn by_email(reader: &Reader, email: &Email) -> Result<Option<Account>> {
    query(
        "SELECT id, email, display_name, created_at, disabled_at, password_hash IS NOT NULL AS has_password
         FROM users WHERE email_key = $1",
    )
    .bind(email.key())
    .fetch_optional(reader)
    .await
}

/// Disables an account, or enables it with `None`. One that is disabled keeps the time since when it is.
pub(super) async fn set_disabled(
    tx: &mut Connection,
    id: &str,
    at: Option<Timestamp>,
) -> Result<()> {
    match at {
        Some(at) => {
            query("UPDATE users SET disabled_at = $1 WHERE id = $2 AND disabled_at IS NULL")
                .bind(at)
                .bind(id)
                .execute(tx)
                .await?
        }
        None => {
            query("UPDATE users SET disabled_at = NULL WHERE id = $1")
                .bind(id)
                .execute(tx)
                .await?
        }
    };
    Ok(())
}

/// Deletes an account, and with it the rows of other tables that refer to it.
pub(super) async fn delete(tx: &mut Connection, id: &str) -> Result<()> {
    query("DELETE FROM users WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
