//! All SQL about users' attributes.

use super::attributes::{AttributeValue, Attributes};
use crate::database::{Connection, Json, Reader, StorageError, query};

type Result<T> = std::result::Result<T, StorageError>;

/// All attributes of a user.
///
/// # Errors
/// If the database is unavailable.
pub async fn attributes_of(reader: &Reader, user_id: &str) -> Result<Attributes> {
    let rows: Vec<(String, Json<AttributeValue>)> =
        query("SELECT name, value FROM user_attributes WHERE user_id = $1")
            .bind(user_id)
            .fetch_all(reader)
            .await?;
    let attributes = rows.into_iter().map(|(name, Json(value))| (name, value));
    Ok(attributes.collect())
}

/// Sets attributes of a user; the others stay.
///
/// # Errors
/// If the write fails.
pub async fn set_attributes(
    tx: &mut Connection,
    user_id: &str,
    attributes: &Attributes,
) -> Result<()> {
    for (name, value) in attributes {
        query(
            "INSERT INTO user_attributes (user_id, name, value) VALUES ($1, $2, $3)
             ON CONFLICT (user_id, name) DO UPDATE SET value = $3",
        )
        .bind(user_id)
        .bind(name)
        .bind(Json(value))
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}
