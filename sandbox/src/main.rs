//! The `latchkey-sandbox` program: reads its configuration, starts the sandbox, waits to be stopped.

use std::io;
use std::process::ExitCode;
use std::thread;

use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tracing_subscriber::EnvFilter;

use sandbox::Config;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    match run(Config::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("latchkey-sandbox: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(config: Config) -> anyhow::Result<()> {
    let follows_input = config.until_input_ends;
    let running = sandbox::start(config).await?;
    println!(
        "The sandbox answers at {} (SMTP at {}).",
        running.url(),
        running.smtp
    );
    tokio::select! {
        signal = stop_signal() => signal?,
        () = end_of_input(), if follows_input => {}
    }
    running.stop().await;
    Ok(())
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// Completes when standard input ends. A thread of its own reads it, for which the end of this program need not wait.
async fn end_of_input() {
    let (tell, ended) = oneshot::channel();
    thread::spawn(move || {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        tell.send(())
    });
    let _ = ended.await;
}
