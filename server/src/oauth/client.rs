//! The HTTP client for what providers are asked: bounded in time, size and number, and never led elsewhere.

use std::time::Duration;

use anyhow::Context;
use futures_util::future::BoxFuture;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::{Client, redirect, retry};
use tokio::{sync::Semaphore, time::timeout};

/// What one request may take in all.
const TIME_AT_MOST: Duration = Duration::from_secs(10);

/// What an answer may weigh. Large providers' key lists have a few thousand bytes.
const BYTES_AT_MOST: usize = 256 * 1024;

/// Requests at once to one provider; more wait, so that one that hangs does not hold everything.
const AT_ONCE: usize = 16;

/// Talks to one provider.
#[derive(Debug)]
pub(super) struct ProviderClient {
    client: Client,
    places: Semaphore,
}

/// Why there is no answer. Without URLs and bodies, which may hold secrets.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
pub(super) struct ClientError(anyhow::Error);

impl<'c> AsyncHttpClient<'c> for ProviderClient {
    type Error = ClientError;
    type Future = BoxFuture<'c, Result<HttpResponse, ClientError>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl ProviderClient {
    pub(super) fn new() -> anyhow::Result<Self> {
        let client = Client::builder()
            .connect_timeout(Duration::from_secs(2))
            .timeout(TIME_AT_MOST)
            // A redirect would take the client's secret along, to wherever it leads.
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .user_agent("latchkey")
            .build()
            .context("cannot make an HTTP client")?;
        Ok(Self {
            client,
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// Sends a request and reads the answer up to the bound.
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let exchange = async {
            let _place = self.places.acquire().await?;
            self.exchange(request).await
        };
        timeout(TIME_AT_MOST, exchange)
            .await
            .unwrap_or_else(|_| Err(anyhow::anyhow!("no answer in time")))
            .map_err(ClientError)
    }

    async fn exchange(&self, request: HttpRequest) -> anyhow::Result<HttpResponse> {
        let request = request.try_into()?;
        let mut response = self
            .client
            .execute(request)
            .await
            .map_err(reqwest::Error::without_url)?;
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(reqwest::Error::without_url)?
        {
            anyhow::ensure!(
                body.len() + chunk.len() <= BYTES_AT_MOST,
                "the answer is too large"
            );
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}
