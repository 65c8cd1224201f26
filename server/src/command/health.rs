//! `latchkey health`, for containers, which have no other program that could ask.

use anyhow::{Context, ensure};
use tokio::task::spawn_blocking;

use super::probe::ask;
use crate::startup::Config;

/// Succeeds if the server that runs with the same settings is ready.
pub(super) async fn run() -> anyhow::Result<()> {
    let http = Config::load()?.http;
    let addr = http.addr;
    let answer = spawn_blocking(move || ask(addr, http.login_origin.authority(), "/health/ready"))
        .await?
        .with_context(|| format!("no server answers at {addr}"))?;
    let (status, body) = (answer.status, answer.body);
    ensure!(status == 200, "the server is not ready ({status}): {body}");
    Ok(())
}
