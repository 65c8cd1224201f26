//! All SQL about queued mails.

use std::time::Duration;

use super::Mail;
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Reader, StorageError, query},
    random,
};

/// The longest delay of a mail until its next attempt. One that is due later was delayed before the clock was set
/// back, and is due now.
pub(crate) const MAX_DELAY: Duration = Duration::from_secs(60 * 60);

/// A mail that is leased to a worker.
#[derive(Debug)]
pub(crate) struct Leased {
    pub id: String,
    pub kind: String,
    pub recipient: String,
    pub subject_id: Option<String>,
    pub attempts: i64,
    pub created_at: Timestamp,
}

impl FromRow for Leased {
    fn from_row(row: &DbRow) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get("id")?,
            kind: row.get("kind")?,
            recipient: row.get("recipient")?,
            subject_id: row.get("subject_id")?,
            attempts: row.get("attempts")?,
            created_at: row.get("created_at")?,
        })
    }
}

pub(crate) async fn insert(
    tx: &mut Connection,
    mail: &Mail,
    recipient: &str,
    now: Timestamp,
) -> Result<(), StorageError> {
    query(
        "INSERT INTO mails (id, kind, recipient, subject_id, attempts, due_at, created_at)
         VALUES ($1, $2, $3, $4, 0, $5, $5)",
    )
    .bind(random::uid())
    .bind(mail.kind())
    .bind(recipient)
    .bind(mail.subject_id())
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// Leases the mail that has been due the longest. If the process dies, the mail is due again when the lease
/// ends.
pub(crate) async fn lease(
    tx: &mut Connection,
    now: Timestamp,
    lease: Duration,
) -> Result<Option<Leased>, StorageError> {
    let due = query(
        "UPDATE mails SET due_at = $1, attempts = attempts + 1
         WHERE id = (SELECT id FROM mails WHERE due_at <= $2 ORDER BY due_at LIMIT 1
                       FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, recipient, subject_id, attempts, created_at",
    )
    .bind(now + lease)
    .bind(now)
    .fetch_optional(&mut *tx)
    .await?;
    if due.is_some() {
        return Ok(due);
    }
    // Asked apart: an index finds either, but neither engine uses it well for "one or the other".
    query(
        "UPDATE mails SET due_at = $1, attempts = attempts + 1
         WHERE id = (SELECT id FROM mails WHERE due_at > $2 ORDER BY due_at LIMIT 1
                       FOR UPDATE SKIP LOCKED)
         RETURNING id, kind, recipient, subject_id, attempts, created_at",
    )
    .bind(now + lease)
    .bind(now + MAX_DELAY)
    .fetch_optional(tx)
    .await
}

/// How many mails are in the queue.
pub(crate) async fn waiting(reader: &Reader) -> Result<i64, StorageError> {
    query("SELECT COUNT(*) FROM mails WHERE due_at > $1")
        .bind(Timestamp(0))
        .fetch_one(reader)
        .await
}

pub(crate) async fn delete(tx: &mut Connection, id: &str) -> Result<(), StorageError> {
    query("DELETE FROM mails WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}

pub(crate) async fn postpone(
    tx: &mut Connection,
    id: &str,
    due_at: Timestamp,
) -> Result<(), StorageError> {
    query("UPDATE mails SET due_at = $1 WHERE id = $2")
        .bind(due_at)
        .bind(id)
        .execute(tx)
        .await?;
    Ok(())
}
