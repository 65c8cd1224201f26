//! Which connection a statement gets.
//!
//! sqlx's pool tests every connection that is given back by a round trip to PostgreSQL, which doubles the work of a
//! single statement. So a connection whose last statement has succeeded waits here for the next one instead.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use sqlx::{
    Connection as _, PgConnection, Pool, Postgres, SqlSafeStr, Transaction, pool::PoolConnection,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// How long a request waits for a connection.
pub(super) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// How long a connection may wait before it is tested: after a restart of PostgreSQL, few requests meet a dead one.
pub(super) const TEST_AFTER: Duration = Duration::from_secs(1);

/// How long a connection stays out of sqlx's pool, which closes old ones and those that are not needed.
const RETURN_AFTER: Duration = Duration::from_secs(60);

/// Lends the connections of a pool. Cheap to clone.
#[derive(Clone)]
pub(super) struct Checkout {
    pool: Pool<Postgres>,
    /// One permit for each connection. A connection waits in `free` before its permit is given back, so the holder of
    /// a permit who finds none there gets one of the pool without waiting for those in `free`.
    permits: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Free>>>,
}

/// A connection that waits for its next statement.
struct Free {
    connection: PoolConnection<Postgres>,
    taken_at: Instant,
    free_since: Instant,
}

/// A connection for single statements.
pub(super) struct Loan {
    /// There until it is dropped.
    connection: Option<PoolConnection<Postgres>>,
    /// When the connection left sqlx's pool.
    taken_at: Instant,
    /// Whether the last statement has succeeded. If it failed, or was given up, sqlx's pool tests the connection.
    is_clean: bool,
    free: Arc<Mutex<Vec<Free>>>,
    _permit: OwnedSemaphorePermit,
}

/// A transaction. Its connection goes back to sqlx's pool.
pub(super) struct Lent {
    pub(super) transaction: Transaction<'static, Postgres>,
    _permit: OwnedSemaphorePermit,
}

impl Checkout {
    /// Lends the connections of `pool`, which nothing else may use.
    pub(super) fn new(pool: Pool<Postgres>) -> Self {
        let connections = pool.options().get_max_connections();
        Self {
            pool,
            permits: Arc::new(Semaphore::new(connections as usize)),
            free: Arc::default(),
        }
    }

    /// A connection for single statements.
    pub(super) async fn acquire(&self) -> sqlx::Result<Loan> {
        let permit = self.permit().await?;
        let (connection, taken_at) = self.take().await?;
        Ok(Loan {
            connection: Some(connection),
            taken_at,
            is_clean: true,
            free: Arc::clone(&self.free),
            _permit: permit,
        })
    }

    /// A transaction.
    pub(super) async fn begin(&self, sql: impl SqlSafeStr) -> sqlx::Result<Lent> {
        let sql = sql.into_sql_str();
        let permit = self.permit().await?;
        let (connection, _) = self.take().await?;
        Ok(Lent {
            transaction: Transaction::begin(connection, Some(sql)).await?,
            _permit: permit,
        })
    }

    /// How many connections are open, and how many of them are idle.
    pub(super) fn connections(&self) -> (u32, u32) {
        let idle = self.pool.num_idle() + lock(&self.free).len();
        (self.pool.size(), idle as u32)
    }

    /// Closes all connections.
    pub(super) async fn close(&self) {
        self.permits.close();
        lock(&self.free).clear();
        self.pool.close().await;
    }

    async fn permit(&self) -> sqlx::Result<OwnedSemaphorePermit> {
        let permit = Arc::clone(&self.permits).acquire_owned();
        let permit = timeout(ACQUIRE_TIMEOUT, permit).await;
        permit
            .map_err(|_| sqlx::Error::PoolTimedOut)?
            .map_err(|_| sqlx::Error::PoolClosed)
    }

    /// A connection for the holder of a permit, and when it left sqlx's pool.
    async fn take(&self) -> sqlx::Result<(PoolConnection<Postgres>, Instant)> {
        let free = lock(&self.free).pop();
        if let Some(mut free) = free {
            if free.free_since.elapsed() < TEST_AFTER || free.connection.ping().await.is_ok() {
                return Ok((free.connection, free.taken_at));
            }
            free.connection.close_on_drop();
        }
        Ok((self.pool.acquire().await?, Instant::now()))
    }
}

impl fmt::Debug for Checkout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pool.fmt(f)
    }
}

impl fmt::Debug for Loan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Loan")
    }
}

impl Loan {
    /// The connection for a statement. The caller says by [`succeeded`](Self::succeeded) that it has come to its end.
    pub(super) fn connection(&mut self) -> sqlx::Result<&mut PgConnection> {
        self.is_clean = false;
        self.connection
            .as_deref_mut()
            .ok_or(sqlx::Error::PoolClosed)
    }

    pub(super) fn succeeded(&mut self) {
        self.is_clean = true;
    }
}

impl Drop for Loan {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else {
            return;
        };
        if self.is_clean && self.taken_at.elapsed() < RETURN_AFTER {
            lock(&self.free).push(Free {
                connection,
                taken_at: self.taken_at,
                free_since: Instant::now(),
            });
        }
    }
}

fn lock(free: &Mutex<Vec<Free>>) -> MutexGuard<'_, Vec<Free>> {
    free.lock().unwrap_or_else(PoisonError::into_inner)
}
