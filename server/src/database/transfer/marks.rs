//! Tables without rows that say that a deployment is being moved, or was.

use anyhow::bail;

use crate::database::schema::Table;

/// In a database to which a deployment is being moved.
pub(super) const UNFINISHED: &str = "latchkey_unfinished_move";

/// In a database from which a deployment has moved to another one.
pub(in crate::database) const MOVED: &str = "latchkey_moved";

pub(super) fn has(tables: &[Table], mark: &str) -> bool {
    tables.iter().any(|table| table.name == mark)
}

/// Checks that servers may use the database.
///
/// # Errors
/// If a move to it has not ended, or the deployment has moved away from it.
pub(in crate::database) fn ensure_in_use(tables: &[Table]) -> anyhow::Result<()> {
    if has(tables, UNFINISHED) {
        bail!(
            "a move to the database of DATABASE_URL has not ended; run the same `latchkey migrate --from … --to …` \
             again, or set DATABASE_URL to the database that the deployment was to be moved from"
        );
    }
    if has(tables, MOVED) {
        bail!(
            "the deployment in the database of DATABASE_URL has moved to another one; set DATABASE_URL to that one"
        );
    }
    Ok(())
}
