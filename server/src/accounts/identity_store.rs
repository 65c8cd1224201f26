//! All SQL about identities.

use sqlx::{FromRow, Row as _};

use super::identity::{ExternalIdentity, LinkedIdentity};
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, StorageError},
    random,
};

type Result<T> = std::result::Result<T, StorageError>;

/// The user an identity belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityOwner {
    pub user_id: String,
    pub disabled: bool,
}

impl FromRow<'_, DbRow> for IdentityOwner {
    fn from_row(row: &DbRow) -> sqlx::Result<Self> {
        Ok(Self {
            user_id: row.try_get("user_id")?,
            disabled: row.try_get("disabled")?,
        })
    }
}

impl FromRow<'_, DbRow> for LinkedIdentity {
    fn from_row(row: &DbRow) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.try_get("id")?,
            provider: row.try_get("provider")?,
            label: row.try_get("label")?,
            created_at: row.try_get("created_at")?,
        })
    }
}

/// The user whom an identity signs in.
pub(super) async fn owner(
    connection: &mut Connection,
    issuer: &str,
    subject: &str,
) -> Result<Option<IdentityOwner>> {
    Ok(sqlx::query_as(
        "SELECT users.id AS user_id, users.disabled_at IS NOT NULL AS disabled
         FROM identities JOIN users ON users.id = identities.user_id
         WHERE identities.issuer = $1 AND identities.subject = $2",
    )
    .bind(issuer)
    .bind(subject)
    .fetch_optional(connection)
    .await?)
}

/// Adds an identity to a user.
pub(super) async fn insert(
    tx: &mut Connection,
    user_id: &str,
    identity: &ExternalIdentity,
    now: Timestamp,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO identities (id, user_id, provider, issuer, subject, label, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(random::uid())
    .bind(user_id)
    .bind(&identity.provider)
    .bind(&identity.issuer)
    .bind(&identity.subject)
    .bind(identity.label())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// A user's identities, oldest first.
pub(super) async fn of_user(
    connection: &mut Connection,
    user_id: &str,
) -> Result<Vec<LinkedIdentity>> {
    Ok(sqlx::query_as(
        "SELECT id, provider, label, created_at FROM identities WHERE user_id = $1 ORDER BY created_at, id",
    )
    .bind(user_id)
    .fetch_all(connection)
    .await?)
}

/// Removes one of a user's identities.
pub(super) async fn delete(tx: &mut Connection, user_id: &str, id: &str) -> Result<()> {
    sqlx::query("DELETE FROM identities WHERE user_id = $1 AND id = $2")
        .bind(user_id)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
