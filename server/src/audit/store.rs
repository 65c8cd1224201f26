//! All SQL about the audit log.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::request::Whence;
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Reader, StorageError, Sweep, query},
    random,
};

type Result<T> = std::result::Result<T, StorageError>;

/// An event to insert.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub at: Timestamp,
    pub kind: &'a str,
    pub actor: Option<&'a str>,
    pub subject: Option<&'a str>,
    pub detail: Option<&'a str>,
    pub whence: Option<&'a Whence>,
}

/// A stored event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub at: Timestamp,
    pub id: String,
    pub kind: String,
    pub actor: Option<String>,
    pub subject: Option<String>,
    pub detail: Option<String>,
    pub client: Option<String>,
    pub user_agent: Option<String>,
    pub request_id: Option<String>,
}

impl FromRow for Entry {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            at: row.get("at")?,
            id: row.get("id")?,
            kind: row.get("kind")?,
            actor: row.get("actor")?,
            subject: row.get("subject")?,
            detail: row.get("detail")?,
            client: row.get("client")?,
            user_agent: row.get("user_agent")?,
            request_id: row.get("request_id")?,
        })
    }
}

/// How often a user's credentials were issued on a day, for a vendor and a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UseEntry {
    pub user_id: String,
    pub vendor: String,
    pub site: String,
    pub day: String,
    pub uses: i64,
    pub last_at: Timestamp,
}

impl FromRow for UseEntry {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            user_id: row.get("user_id")?,
            vendor: row.get("vendor")?,
            site: row.get("site")?,
            day: row.get("day")?,
            uses: row.get("uses")?,
            last_at: row.get("last_at")?,
        })
    }
}

pub(super) async fn insert(tx: &mut Connection, event: &Row<'_>) -> Result<()> {
    query(
        "INSERT INTO audit_events (at, id, kind, actor, subject, detail, client, user_agent, request_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(event.at)
    .bind(next_id())
    .bind(event.kind)
    .bind(event.actor)
    .bind(event.subject)
    .bind(event.detail)
    .bind(event.whence.map(|whence| whence.client.as_str()))
    .bind(event.whence.and_then(|whence| whence.user_agent.as_deref()))
    .bind(event.whence.map(|whence| whence.request_id.as_str()))
    .execute(tx)
    .await?;
    Ok(())
}

/// An ID in the order in which this process has recorded the events of a millisecond.
fn next_id() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{number:08x}{}", random::uid())
}

pub(super) async fn user_with_address(
    tx: &mut Connection,
    email_key: &str,
) -> Result<Option<String>> {
    query("SELECT id FROM users WHERE email_key = $1")
        .bind(email_key)
        .fetch_optional(tx)
        .await
}

/// Events in their order: at most `limit`, after the one with this time and ID.
pub(super) async fn events_after(
    reader: &Reader,
    (after, id): (Timestamp, &str),
    limit: u32,
) -> Result<Vec<Entry>> {
    query(
        "SELECT at, id, kind, actor, subject, detail, client, user_agent, request_id
         FROM audit_events WHERE (at, id) > ($1, $2) ORDER BY at, id LIMIT $3",
    )
    .bind(after)
    .bind(id)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
}

/// Counts of credentials in the order of their last time: at most `limit`, which is after this one.
pub(super) async fn uses_after(
    reader: &Reader,
    after: Timestamp,
    limit: u32,
) -> Result<Vec<UseEntry>> {
    query(
        "SELECT user_id, vendor, site, day, uses, last_at FROM credential_uses
         WHERE last_at > $1 ORDER BY last_at LIMIT $2",
    )
    .bind(after)
    .bind(i64::from(limit))
    .fetch_all(reader)
    .await
}

/// All counts with this last time.
pub(super) async fn uses_at(reader: &Reader, at: Timestamp) -> Result<Vec<UseEntry>> {
    query(
        "SELECT user_id, vendor, site, day, uses, last_at FROM credential_uses WHERE last_at = $1",
    )
    .bind(at)
    .fetch_all(reader)
    .await
}

/// Adds to the count of a user, vendor, site and day.
pub(super) async fn add_uses(tx: &mut Connection, entry: &UseEntry) -> Result<()> {
    query(
        "INSERT INTO credential_uses (user_id, vendor, site, day, uses, last_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (user_id, vendor, site, day) DO UPDATE
         SET uses = credential_uses.uses + $5,
             last_at = CASE WHEN credential_uses.last_at > $6 THEN credential_uses.last_at ELSE $6 END",
    )
    .bind(&entry.user_id)
    .bind(&entry.vendor)
    .bind(&entry.site)
    .bind(&entry.day)
    .bind(entry.uses)
    .bind(entry.last_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Replaces a user by a pseudonym, which leads to no one, and drops from where they came. Returns the pseudonym.
///
/// # Errors
/// If the write fails.
pub async fn forget(tx: &mut Connection, user_id: &str) -> Result<String> {
    let pseudonym = format!("deleted-{}", random::uid());
    query(
        "UPDATE audit_events
         SET subject = $2, actor = CASE WHEN actor = $1 THEN $2 ELSE actor END, client = NULL, user_agent = NULL
         WHERE subject = $1",
    )
    .bind(user_id)
    .bind(&pseudonym)
    .execute(&mut *tx)
    .await?;
    query("UPDATE credential_uses SET user_id = $2 WHERE user_id = $1")
        .bind(user_id)
        .bind(&pseudonym)
        .execute(tx)
        .await?;
    Ok(pseudonym)
}

/// Delete what is older than `keep`.
pub fn sweeps(keep: Duration) -> [Sweep; 2] {
    [
        Sweep::later(
            "DELETE FROM audit_events WHERE (at, id) IN
                 (SELECT at, id FROM audit_events WHERE at <= $1 ORDER BY at LIMIT $2
                  FOR UPDATE SKIP LOCKED)",
            keep,
        ),
        Sweep::later(
            "DELETE FROM credential_uses WHERE (user_id, vendor, site, day) IN
                 (SELECT user_id, vendor, site, day FROM credential_uses WHERE last_at <= $1
                  ORDER BY last_at LIMIT $2 FOR UPDATE SKIP LOCKED)",
            keep,
        ),
    ]
}
