//! The schema: the files in `migrations/`, compiled in.
//!
//! They are listed here, since `sqlx::migrate!` would compile the SQLite driver a second time, for the macro.

use sqlx::{
    SqlSafeStr,
    migrate::{Migration, MigrationType, Migrator},
};

use super::backup::Pending;

/// Version, description and statements of each migration.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "users",
        include_str!("../../../migrations/0001_users.sql"),
    ),
    (
        2,
        "sessions",
        include_str!("../../../migrations/0002_sessions.sql"),
    ),
    (
        3,
        "limits",
        include_str!("../../../migrations/0003_limits.sql"),
    ),
    (
        4,
        "mails",
        include_str!("../../../migrations/0004_mails.sql"),
    ),
    (
        5,
        "chat boxes",
        include_str!("../../../migrations/0005_chat_boxes.sql"),
    ),
    (
        6,
        "identities",
        include_str!("../../../migrations/0006_identities.sql"),
    ),
    (
        7,
        "handoff codes",
        include_str!("../../../migrations/0007_handoff_codes.sql"),
    ),
    (
        8,
        "vendor links",
        include_str!("../../../migrations/0008_vendor_links.sql"),
    ),
    (
        9,
        "handoff codes of sessions",
        include_str!("../../../migrations/0009_handoff_codes_of_sessions.sql"),
    ),
    (
        10,
        "taken oauth flows",
        include_str!("../../../migrations/0010_taken_oauth_flows.sql"),
    ),
    (
        11,
        "sweeps by index",
        include_str!("../../../migrations/0011_sweeps_by_index.sql"),
    ),
    (
        12,
        "audit",
        include_str!("../../../migrations/0012_audit.sql"),
    ),
    (
        13,
        "attributes",
        include_str!("../../../migrations/0013_attributes.sql"),
    ),
];

/// All migrations, ready to run.
pub(super) fn migrator() -> Migrator {
    let migrations = MIGRATIONS.iter().map(|&(version, description, sql)| {
        Migration::new(
            version,
            description.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

/// The migrations that a database with these versions lacks.
pub(super) fn pending(applied: &[i64]) -> Vec<Pending> {
    let pending = MIGRATIONS
        .iter()
        .filter(|(version, ..)| !applied.contains(version));
    pending
        .map(|&(version, description, _)| Pending {
            version,
            description: description.to_owned(),
        })
        .collect()
}

/// Those of these versions that are of a newer version of the server.
pub(super) fn unknown(applied: &[i64]) -> Vec<i64> {
    let known = |version: &i64| MIGRATIONS.iter().any(|(known, ..)| known == version);
    applied
        .iter()
        .copied()
        .filter(|version| !known(version))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The list must match the files down to the checksum, since sqlx rejects a database whose migrations
    /// differ.
    #[tokio::test]
    async fn the_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
        let files = Migrator::new(folder).await.unwrap();
        let key = |migrator: &Migrator| -> Vec<_> {
            migrator
                .iter()
                .map(|migration| {
                    (
                        migration.version,
                        migration.description.clone(),
                        migration.checksum.clone(),
                    )
                })
                .collect()
        };
        assert_eq!(key(&migrator()), key(&files));
    }
}
