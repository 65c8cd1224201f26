//! The errors of the database: whether they can pass.

/// A database operation failed. An uncommitted transaction is rolled back.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Locked, full, damaged, deleted, unreachable or out of connections. The same request may succeed later, at
    /// the latest when an operator has repaired it.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A text contains the character NUL, which PostgreSQL cannot store and no valid input has.
    #[error("a text contains the character NUL")]
    InvalidText,
    /// A bug in this server.
    #[error("the database failed: {0}")]
    Failed(#[source] sqlx::Error),
}

impl StorageError {
    /// Tells both apart by the codes of an engine that can pass.
    pub(super) fn new(error: sqlx::Error, can_pass: fn(&str) -> bool) -> Self {
        let passes = match &error {
            sqlx::Error::Database(cause) => cause.code().is_some_and(|code| can_pass(&code)),
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Io(_) => true,
            _ => false,
        };
        if passes {
            Self::Unavailable(error)
        } else {
            Self::Failed(error)
        }
    }
}
