//! The errors of the database: temporary or not.

/// A database operation failed. An uncommitted transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Locked, full, unreachable or out of connections. The same request may succeed later.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A bug in this server, or a damaged database.
    #[error("the database failed: {0}")]
    Failed(#[source] sqlx::Error),
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(error)
            }
            sqlx::Error::Database(cause)
                if cause.code().is_some_and(|code| is_temporary(&code)) =>
            {
                Self::Unavailable(error)
            }
            _ => Self::Failed(error),
        }
    }
}

/// SQLite's primary result codes (<https://www.sqlite.org/rescode.html>) for BUSY, LOCKED, READONLY, IOERR, FULL
/// and CANTOPEN; the extended code carries them in its low byte.
fn is_temporary(code: &str) -> bool {
    let primary = code.parse::<u32>().map(|code| code & 0xff);
    matches!(primary, Ok(5 | 6 | 8 | 10 | 13 | 14))
}
