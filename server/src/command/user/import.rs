//! `latchkey user import` and `latchkey user export`.

use std::{
    fs::File,
    io::{BufWriter, Write, stderr, stdout},
    path::PathBuf,
};

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum, builder::PossibleValue};

use crate::{
    accounts::{
        FirebaseParameters, Format, Import, ImportOptions, PasswordConfig, Summary, export_users,
    },
    clock::Clock,
    database::Database,
};

/// The options of `latchkey user import`.
#[derive(Args)]
pub struct ImportArguments {
    /// The export of the other system: JSON lines, JSON, or comma-separated values
    file: PathBuf,
    /// Whose export it is; recognized where it is unmistakable
    #[arg(long, value_enum)]
    from: Option<Format>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
    /// The file for the reason of each refusal; the error output otherwise
    #[arg(long)]
    report: Option<PathBuf>,
    /// Treat all addresses as verified, since the other system has verified them
    #[arg(long)]
    verified: bool,
    /// A name for the other system, which keeps its IDs apart from those of another one of the same make
    #[arg(long)]
    namespace: Option<String>,
    /// `rounds` of a Firebase project's password hash parameters
    #[arg(long, default_value_t = 8)]
    firebase_rounds: u32,
    /// `mem_cost` of a Firebase project's password hash parameters
    #[arg(long, default_value_t = 14)]
    firebase_mem_cost: u8,
    /// `base64_salt_separator` of a Firebase project's password hash parameters
    #[arg(long, default_value = "Bw==")]
    firebase_salt_separator: String,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()))
    }
}

impl ImportArguments {
    pub(super) async fn run(
        self,
        database: &Database,
        passwords: &PasswordConfig,
    ) -> anyhow::Result<()> {
        let mut report: Box<dyn Write + Send> = match &self.report {
            Some(path) => Box::new(BufWriter::new(
                File::create(path).with_context(|| format!("cannot write {}", path.display()))?,
            )),
            None => Box::new(stderr()),
        };
        let dry_run = self.dry_run;
        let options = ImportOptions {
            file: self.file,
            from: self.from,
            namespace: self.namespace,
            verified: self.verified,
            firebase: FirebaseParameters {
                rounds: self.firebase_rounds,
                mem_cost: self.firebase_mem_cost,
                salt_separator: self.firebase_salt_separator,
            },
            dry_run,
        };
        let import = Import::new(database, Clock::system(), passwords);
        let summary = import.run(options, &mut report).await?;
        print_summary(summary, dry_run);
        ensure!(
            summary.refused == 0,
            "some users were refused; see the reason of each"
        );
        Ok(())
    }
}

/// Prints all users.
pub(super) async fn export(database: &Database) -> anyhow::Result<()> {
    let mut output = BufWriter::new(stdout());
    Ok(export_users(database, Clock::system().now(), &mut output).await?)
}

#[expect(clippy::print_stdout, reason = "the command's output")]
fn print_summary(summary: Summary, dry_run: bool) {
    let Summary {
        added,
        present,
        refused,
    } = summary;
    let verb = if dry_run { "would be added" } else { "added" };
    println!("{added} {verb}, {present} there already, {refused} refused");
}
