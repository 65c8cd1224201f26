//! `latchkey backup` and `latchkey restore`.

use std::path::PathBuf;

use clap::Args;

use crate::startup::Config;

/// The arguments of `latchkey backup`.
#[derive(Args)]
pub struct BackupArguments {
    /// The file to write, which must not exist yet
    file: PathBuf,
}

/// The arguments of `latchkey restore`.
#[derive(Args)]
pub struct RestoreArguments {
    /// The backup
    file: PathBuf,
    /// Restore even if there is a database, which is kept under another name
    #[arg(long)]
    replace: bool,
}

impl BackupArguments {
    #[expect(clippy::print_stdout, reason = "the command's output")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        Config::load()?.database.back_up(&self.file).await?;
        println!("backed up to {}", self.file.display());
        Ok(())
    }
}

impl RestoreArguments {
    #[expect(clippy::print_stdout, reason = "the command's output")]
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let database = Config::load()?.database;
        let restored = database.restore(&self.file, self.replace).await?;
        if let Some(former) = restored.former {
            println!("the former database is now {}", former.display());
        }
        println!("restored {}; start the servers", self.file.display());
        Ok(())
    }
}
