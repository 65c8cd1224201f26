//! All SQL about sessions.
//!
//! Saving only updates an existing row. If it inserted one, a slow request that began before the sign-out
//! would restore the signed-out session when it saves what it loaded.

use std::{fmt, time::Duration};

use async_trait::async_trait;
use moka::sync::Cache;
use time::OffsetDateTime;
use tokio::time::timeout;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};
use tracing::Instrument;

use super::{
    beginning::{self, Beginning},
    entries::USER_ID,
};
use crate::{
    audit,
    clock::{Clock, Timestamp},
    database::{Connection, Database, DbRow, FromRow, Reader, StorageError, Sweep, query},
    random,
    session::SessionConfig,
};

/// The time of a session's last use is stored at most this often, so that most requests do not write.
const TOUCH_INTERVAL: Duration = Duration::from_secs(60);

/// How long a request waits for that.
const TOUCH_TIMEOUT: Duration = Duration::from_millis(200);

/// How many sessions are remembered as in use.
const MAX_CACHED: u64 = 50_000;

/// Sessions in the database.
#[derive(Clone)]
pub struct Store {
    database: Database,
    clock: Clock,
    config: SessionConfig,
    /// When the time of last use of each session was last sent to the database.
    touched: Cache<String, Timestamp>,
}

struct Row {
    data: String,
    times: Times,
}

impl FromRow for Row {
    fn from_row(row: &DbRow) -> std::result::Result<Self, StorageError> {
        Ok(Self {
            data: row.get("data")?,
            times: Times::from_row(row)?,
        })
    }
}

/// When a session was last used and when it ends: the columns `seen_at` and `expires_at`.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    seen_at: Timestamp,
    expires_at: Timestamp,
}

impl FromRow for Times {
    fn from_row(row: &DbRow) -> std::result::Result<Self, StorageError> {
        Ok(Self {
            seen_at: row.get("seen_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

impl Store {
    pub fn new(database: Database, clock: Clock, config: SessionConfig) -> Self {
        Self {
            database,
            clock,
            config,
            touched: Cache::new(MAX_CACHED),
        }
    }

    /// The maximum lifetime of a session, even if it is in use.
    pub(super) fn lifetime(&self) -> Duration {
        self.config.absolute
    }

    /// Whether the session with this hash and these times has not ended. Updates the time of its last use.
    pub async fn lives(&self, id_hash: &str, times: Times) -> bool {
        let now = self.clock.now();
        let lives = times.expires_at > now && times.seen_at + self.config.idle > now;
        if lives && times.seen_at <= now - TOUCH_INTERVAL {
            self.touch(id_hash.to_owned(), now).await;
        }
        lives
    }

    /// Stores that a session is in use. Reading works without this write, so a slow one goes on in the
    /// background.
    async fn touch(&self, id_hash: String, now: Timestamp) {
        let sent = self.touched.get(&id_hash);
        if sent.is_some_and(|at| now.is_within(TOUCH_INTERVAL, at)) {
            return;
        }
        self.touched.insert(id_hash.clone(), now);
        let database = self.database.clone();
        let touched = async move {
            if let Err(error) = touch(&database, &id_hash, now).await {
                tracing::warn!(%error, "cannot store that a session is in use");
            }
        };
        let touched = tokio::spawn(touched.in_current_span());
        let _ = timeout(TOUCH_TIMEOUT, touched).await;
    }

    async fn insert(&self, record: &Record) -> std::result::Result<(), StorageError> {
        let now = self.clock.now();
        let mut tx = self.database.write().await?;
        let Beginning {
            ended,
            method,
            besides,
        } = beginning::take();
        if let Some(ended) = ended {
            delete(&mut tx, &ended).await?;
        }
        if let Some(besides) = besides {
            besides(&mut tx).await?;
        }
        query(
            "INSERT INTO sessions (id_hash, user_id, data, created_at, seen_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(id_hash(&record.id))
        .bind(user_id(record))
        .bind(encode(record))
        .bind(now)
        .bind(now)
        .bind(now + self.config.absolute)
        .execute(&mut tx)
        .await?;
        if let Some(method) = method {
            let event = audit::Event::SignedIn { method: &method };
            audit::record(&mut tx, event, user_id(record), now).await?;
        }
        tx.commit().await
    }

    /// Writes nothing if nothing has changed: the layer saves once more what a handler has saved.
    async fn update(&self, record: &Record) -> std::result::Result<(), StorageError> {
        let (id_hash, data) = (id_hash(&record.id), encode(record));
        let stored: Option<String> = query("SELECT data FROM sessions WHERE id_hash = $1")
            .bind(&id_hash)
            .fetch_optional(self.database.read())
            .await?;
        if stored.is_none_or(|stored| stored == data) {
            return Ok(());
        }
        let mut tx = self.database.write().await?;
        query("UPDATE sessions SET user_id = $1, data = $2 WHERE id_hash = $3")
            .bind(user_id(record))
            .bind(data)
            .bind(id_hash)
            .execute(&mut tx)
            .await?;
        tx.commit().await
    }

    async fn remove(&self, id: &Id) -> std::result::Result<(), StorageError> {
        if beginning::ends(id) {
            return Ok(());
        }
        let mut tx = self.database.write().await?;
        delete(&mut tx, id).await?;
        tx.commit().await
    }

    /// The row of a session that has not ended. Updates the time of its last use.
    async fn find(&self, id: &Id) -> std::result::Result<Option<Row>, StorageError> {
        let id_hash = id_hash(id);
        let row: Option<Row> =
            query("SELECT data, seen_at, expires_at FROM sessions WHERE id_hash = $1")
                .bind(&id_hash)
                .fetch_optional(self.database.read())
                .await?;
        match row {
            Some(row) if self.lives(&id_hash, row.times).await => Ok(Some(row)),
            _ => Ok(None),
        }
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not collide. If they did, the primary key would reject the second session, so
        // that two users never share one.
        self.insert(record).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.update(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let Some(row) = self.find(id).await.map_err(backend)? else {
            return Ok(None);
        };
        let data =
            serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: date(row.times.expires_at),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.remove(id).await.map_err(backend)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Store")
    }
}

async fn delete(tx: &mut Connection, id: &Id) -> std::result::Result<(), StorageError> {
    query("DELETE FROM sessions WHERE id_hash = $1")
        .bind(id_hash(id))
        .execute(tx)
        .await?;
    Ok(())
}

async fn touch(
    database: &Database,
    id_hash: &str,
    now: Timestamp,
) -> std::result::Result<(), StorageError> {
    let mut tx = database.write().await?;
    query("UPDATE sessions SET seen_at = $1 WHERE id_hash = $2 AND seen_at <= $3")
        .bind(now)
        .bind(id_hash)
        .bind(now - TOUCH_INTERVAL)
        .execute(&mut tx)
        .await?;
    tx.commit().await
}

/// How many sessions of a user have not expired.
///
/// # Errors
/// If the database is unavailable.
pub async fn count_of_user(
    connection: &mut Connection,
    user_id: &str,
    now: Timestamp,
) -> std::result::Result<i64, StorageError> {
    query("SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND expires_at > $2")
        .bind(user_id)
        .bind(now)
        .fetch_one(connection)
        .await
}

/// How many sessions have had a request since a time.
///
/// # Errors
/// If the database is unavailable.
pub async fn count_since(
    reader: &Reader,
    since: Timestamp,
) -> std::result::Result<i64, StorageError> {
    query("SELECT COUNT(*) FROM sessions WHERE seen_at > $1")
        .bind(since)
        .fetch_one(reader)
        .await
}

/// Ends every session of a user.
///
/// # Errors
/// If the write fails.
pub async fn delete_all_of_user(
    tx: &mut Connection,
    user_id: &str,
) -> std::result::Result<(), StorageError> {
    delete_others_of_user(tx, user_id, "").await
}

/// Ends every session of a user except one, given by the hash of its ID.
///
/// # Errors
/// If the write fails.
pub async fn delete_others_of_user(
    tx: &mut Connection,
    user_id: &str,
    keep: &str,
) -> std::result::Result<(), StorageError> {
    query("DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2")
        .bind(user_id)
        .bind(keep)
        .execute(tx)
        .await?;
    Ok(())
}

/// Delete sessions that have reached their maximum lifetime, and those without a request for `idle`.
pub fn sweeps(idle: Duration) -> [Sweep; 2] {
    [
        Sweep::new(
            "DELETE FROM sessions WHERE id_hash IN
                 (SELECT id_hash FROM sessions WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
                  FOR UPDATE SKIP LOCKED)",
        ),
        Sweep::later(
            "DELETE FROM sessions WHERE id_hash IN
                 (SELECT id_hash FROM sessions WHERE seen_at <= $1 ORDER BY seen_at LIMIT $2
                  FOR UPDATE SKIP LOCKED)",
            idle,
        ),
    ]
}

pub(super) fn id_hash(id: &Id) -> String {
    random::fingerprint(&id.to_string())
}

fn user_id(record: &Record) -> Option<&str> {
    record.data.get(USER_ID)?.as_str()
}

fn encode(record: &Record) -> String {
    serde_json::Value::from_iter(record.data.clone()).to_string()
}

fn date(at: Timestamp) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(at.0 / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

fn backend(error: StorageError) -> Error {
    Error::Backend(error.to_string())
}
