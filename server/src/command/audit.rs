//! `latchkey audit`.

use std::io::{BufWriter, stdout};

use anyhow::Context;
use clap::{Subcommand, ValueEnum};

use crate::{
    audit::{Format, export},
    clock::Timestamp,
    startup::Config,
};

/// The subcommands of `latchkey audit`.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Print what happened to accounts, the oldest first, and then how often credentials were issued
    Export {
        /// Begin with this day in UTC, such as 2026-01-31
        #[arg(long)]
        since: Option<String>,
        /// One JSON object a line, or comma-separated values
        #[arg(long, value_enum, default_value_t = FormatArgument::Jsonl)]
        format: FormatArgument,
    },
}

/// The formats of an export.
#[derive(Clone, Copy, ValueEnum)]
pub enum FormatArgument {
    Jsonl,
    Csv,
}

impl AuditCommand {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Export { since, format } = self;
        let since = match since {
            Some(text) => Timestamp::of_date(&text)
                .with_context(|| format!("{text} is not a day such as 2026-01-31"))?,
            None => Timestamp(0),
        };
        let format = match format {
            FormatArgument::Jsonl => Format::Jsonl,
            FormatArgument::Csv => Format::Csv,
        };
        let database = Config::load()?.database.open().await?;
        let mut output = BufWriter::new(stdout());
        let exported = export(database.read(), since, format, &mut output).await;
        database.close().await;
        Ok(exported?)
    }
}
