//! All SQL about hand-off codes.

use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, StorageError, Sweep, query},
};

/// A stored code, without its hash and expiry.
pub(super) struct Row {
    pub chat_box_id: String,
    pub challenge: String,
    pub sealed: String,
}

impl FromRow for Row {
    fn from_row(row: &DbRow) -> Result<Self, StorageError> {
        Ok(Self {
            chat_box_id: row.get("chat_box_id")?,
            challenge: row.get("challenge")?,
            sealed: row.get("sealed")?,
        })
    }
}

/// Stores a code for a session. Returns `false`, and stores nothing, if the session has ended.
pub(super) async fn insert(
    tx: &mut Connection,
    code_hash: &str,
    session_hash: &str,
    row: &Row,
    expires_at: Timestamp,
) -> Result<bool, StorageError> {
    let done = query(
        "INSERT INTO handoff_codes (code_hash, session_hash, chat_box_id, challenge, sealed, expires_at)
         SELECT $1, id_hash, $3, $4, $5, $6 FROM sessions WHERE id_hash = $2 FOR KEY SHARE",
    )
    .bind(code_hash)
    .bind(session_hash)
    .bind(&row.chat_box_id)
    .bind(&row.challenge)
    .bind(&row.sealed)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(done > 0)
}

/// Deletes a code that has not expired, and returns it. Only one of several concurrent callers gets it.
pub(super) async fn take(
    tx: &mut Connection,
    code_hash: &str,
    now: Timestamp,
) -> Result<Option<Row>, StorageError> {
    let row = query(
        "DELETE FROM handoff_codes WHERE code_hash = $1 AND expires_at > $2
         RETURNING chat_box_id, challenge, sealed",
    )
    .bind(code_hash)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    Ok(row)
}

/// Deletes expired codes.
pub const SWEEP: Sweep = Sweep::new(
    "DELETE FROM handoff_codes WHERE code_hash IN
         (SELECT code_hash FROM handoff_codes WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
          FOR UPDATE SKIP LOCKED)",
);
