//! `latchkey`: reads the command line, sets up logging, runs.

#[cfg(target_env = "musl")]
mod allocator;

use std::process::ExitCode;

use clap::Parser;
use server::{
    command::Command,
    config::Source,
    log::{Log, LogFormat},
};

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
    // A value that is not valid is reported together with all other settings.
    let source = Source::new(std::env::vars()).with_named_file();
    let mut log = Log::install(LogFormat::from_source(&source), command.log_filter());
    let outcome = command.run().await;
    if let Err(error) = &outcome {
        log.fail(error);
    }
    Log::flush(&log);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
