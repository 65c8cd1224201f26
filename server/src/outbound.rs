//! What all our HTTP clients share.

use std::time::Duration;

use anyhow::{Context, ensure};
use reqwest::{Client, Response, redirect, retry};

/// Idle connections that are kept for each host.
const MAX_IDLE: usize = 32;

/// A client whose requests take no longer than `timeout` in all, including the body.
///
/// It follows no redirects, which could send secrets to another host, and retries nothing.
///
/// # Errors
/// If TLS is not available.
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

/// Reads a body up to a limit, counting the bytes that arrive; `Content-Length` is not relied on.
///
/// # Errors
/// If the body is longer or incomplete. The message has no URL, which may contain secrets.
pub async fn read(response: &mut Response, max_bytes: usize) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(reqwest::Error::without_url)?
    {
        ensure!(
            body.len() + chunk.len() <= max_bytes,
            "the response is too large"
        );
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
