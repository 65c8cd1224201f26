//! `latchkey`: reads the command line, sets up logging, runs.

use std::process::ExitCode;

use clap::Parser;
use server::command::Command;
use tracing_subscriber::EnvFilter;

/// Hands your signed-in users to the widgets that vendors embed in your site.
#[derive(Parser)]
#[command(name = "latchkey", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| EnvFilter::new("info,tower_sessions=error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    match Arguments::parse()
        .command
        .unwrap_or(Command::Serve)
        .run()
        .await
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey: {error:#}");
            ExitCode::FAILURE
        }
    }
}
