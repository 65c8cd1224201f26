//! PostgreSQL's errors: whether they can pass.

use crate::database::error::StorageError;

pub(super) fn storage_error(error: sqlx::Error) -> StorageError {
    StorageError::new(error, can_pass)
}

/// Codes and classes of codes (<https://www.postgresql.org/docs/current/errcodes-appendix.html>): lost connection,
/// rejected sign-in, missing database, read-only standby, transaction ended by a limit, deadlock, lock not free in time,
/// resources, shutdown, input and output, damage.
fn can_pass(code: &str) -> bool {
    const CLASSES: [&str; 7] = ["08", "28", "40", "53", "57", "58", "XX"];
    const CODES: [&str; 4] = ["3D000", "25006", "25P03", "55P03"];
    CODES.contains(&code) || CLASSES.iter().any(|class| code.starts_with(class))
}
