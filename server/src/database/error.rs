//! The errors of the database: whether they can pass.

/// A database operation failed. An uncommitted transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Locked, full, damaged, deleted or out of connections. The same request may succeed later, at the latest
    /// when an operator has repaired it.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A bug in this server.
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

/// SQLite's primary result codes (<https://www.sqlite.org/rescode.html>) for BUSY, LOCKED, READONLY, IOERR,
/// CORRUPT, FULL, CANTOPEN and NOTADB; the extended code carries them in its low byte.
fn is_temporary(code: &str) -> bool {
    let primary = code.parse::<u32>().map(|code| code & 0xff);
    matches!(primary, Ok(5 | 6 | 8 | 10 | 11 | 13 | 14 | 26))
}
