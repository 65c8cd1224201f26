//! `latchkey`: reads the command line, sets up logging, runs.

#[cfg(target_env = "musl")]
mod allocator;

use std::{io::Write, process::ExitCode};

use clap::Parser;
use server::{command::Command, log::Log};

/// Hands your signed-in users to the widgets that vendors embed in your site.
#[derive(Parser)]
#[command(name = "latchkey", version = server::VERSION)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let command = Arguments::parse().command.unwrap_or(Command::Serve);
    let mut log = Log::install(command.log_filter());
    let outcome = command.run().await;
    if let Err(error) = &outcome {
        // Cannot fail.
        let _ = writeln!(log, "latchkey: {error:#}");
    }
    Log::flush(&log);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
