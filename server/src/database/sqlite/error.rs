//! SQLite's errors: whether they can pass.

use crate::database::error::StorageError;

pub(super) fn storage_error(error: sqlx::Error) -> StorageError {
    StorageError::new(error, can_pass)
}

/// SQLite's primary result codes (<https://www.sqlite.org/rescode.html>) for BUSY, LOCKED, READONLY, IOERR,
/// CORRUPT, FULL, CANTOPEN and NOTADB; the extended code carries them in its low byte.
fn can_pass(code: &str) -> bool {
    let primary = code.parse::<u32>().map(|code| code & 0xff);
    matches!(primary, Ok(5 | 6 | 8 | 10 | 11 | 13 | 14 | 26))
}
