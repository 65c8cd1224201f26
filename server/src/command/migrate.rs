//! `latchkey migrate`.

use clap::Args;
use secrecy::SecretString;

use crate::{
    database::{Moved, Pending, Progress, move_deployment},
    startup::Config,
};

/// After how many rows of a table a line is printed.
const LINE_EVERY: u64 = 10_000;

/// The arguments of `latchkey migrate`.
#[derive(Args)]
pub struct MigrateArguments {
    /// Move the deployment from this database, such as sqlite://data/latchkey.db
    #[arg(long, requires = "to")]
    from: Option<SecretString>,
    /// To this one, which must be empty, such as postgres://user@host/database
    #[arg(long, requires = "from")]
    to: Option<SecretString>,
    /// Print the migrations that the database of DATABASE_URL lacks, and change nothing
    #[arg(long, conflicts_with = "from")]
    dry_run: bool,
}

impl MigrateArguments {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => {
                let moved = move_deployment(&from, &to, &mut print_progress).await?;
                print(&moved);
            }
            _ if self.dry_run => {
                print_pending(&Config::load()?.database.pending_migrations().await?)
            }
            _ => Config::load()?.database.open().await?.close().await,
        }
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_progress(progress: Progress<'_>) {
    if let Progress::Rows { rows, .. } = progress
        && (rows == 0 || rows % LINE_EVERY != 0)
    {
        return;
    }
    println!("{progress}");
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_pending(pending: &[Pending]) {
    if pending.is_empty() {
        println!("the schema is that of this version");
    }
    for migration in pending {
        println!("{migration}");
    }
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print(moved: &Moved) {
    for table in &moved.unknown {
        println!("not moved, since it is not one of Latchkey's: {table}");
    }
    println!("the same in both databases:");
    for copied in &moved.tables {
        println!(
            "{:<20} {:>12} rows  {}",
            copied.table, copied.rows, copied.hash
        );
    }
    println!("moved; set DATABASE_URL to the new database and start the servers");
}
