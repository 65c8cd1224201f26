//! All SQL about identities.

use super::identity::{ExternalIdentity, LinkedIdentity};
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, StorageError, query},
    random,
};

type Result<T> = std::result::Result<T, StorageError>;

/// The user an identity belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityOwner {
    pub user_id: String,
    pub disabled: bool,
}

impl FromRow for IdentityOwner {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            user_id: row.get("user_id")?,
            disabled: row.get("disabled")?,
        })
    }
}

impl FromRow for LinkedIdentity {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            provider: row.get("provider")?,
            label: row.get("label")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// The user whom an identity signs in.
pub(super) async fn owner(
    connection: &mut Connection,
    issuer: &str,
    subject: &str,
) -> Result<Option<IdentityOwner>> {
    query(
        "SELECT users.id AS user_id, users.disabled_at IS NOT NULL AS disabled
         FROM identities JOIN users ON users.id = identities.user_id
         WHERE identities.issuer = $1 AND identities.subject = $2",
    )
    .bind(issuer)
    .bind(subject)
    .fetch_optional(connection)
    .await
}

/// Adds an identity to a user. Returns false, and adds nothing, if it belongs to a user by now.
pub(super) async fn insert(
    tx: &mut Connection,
    user_id: &str,
    identity: &ExternalIdentity,
    now: Timestamp,
) -> Result<bool> {
    let done = query(
        "INSERT INTO identities (id, user_id, provider, issuer, subject, label, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (issuer, subject) DO NOTHING",
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
    Ok(done == 1)
}

/// A user's identities, oldest first.
pub(super) async fn of_user(
    connection: &mut Connection,
    user_id: &str,
) -> Result<Vec<LinkedIdentity>> {
    query(
        "SELECT id, provider, label, created_at FROM identities WHERE user_id = $1 ORDER BY created_at, id",
    )
    .bind(user_id)
    .fetch_all(connection)
    .await
}

/// Removes one of a user's identities.
pub(super) async fn delete(tx: &mut Connection, user_id: &str, id: &str) -> Result<()> {
    query("DELETE FROM identities WHERE user_id = $1 AND id = $2")
        .bind(user_id)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
