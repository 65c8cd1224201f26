//! Asking others: what all our HTTP clients have in common.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, Response, redirect, retry};

/// Connections that are kept for the next request, for each host.
const MAX_IDLE: usize = 32;

/// A client whose requests take no longer than this in all, body included.
///
/// It follows no redirect, since that would take secrets along to wherever it leads, and repeats nothing.
///
/// # Errors
/// If the system gives no TLS.
pub fn client(timeout: Duration) -> anyhow::Result<Client> {
    Client::builder()
        .connect_timeout(Duration::from_secs(2))
        .timeout(timeout)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .pool_max_idle_per_host(MAX_IDLE)
        .user_agent("latchkey")
        .build()
        .context("cannot make an HTTP client")
}

/// Reads a body up to a bound; the header that announces a length is not accepted.
///
/// # Errors
/// If it is longer or breaks off. The message has no URL, which may hold secrets.
pub async fn read(response: &mut Response, bytes_at_most: usize) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        ensure!(
            body.len() + chunk.len() <= bytes_at_most,
            "the answer is too large"
        );
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
