//! The HTTP client for requests to identity providers: limits time, size and concurrency, and follows no
//! redirect.

use std::time::Duration;

use anyhow::ensure;
use http::{
    Request, Response, StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use reqwest::{Client, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use tokio::{sync::Semaphore, time::timeout};
use url::Url;

use super::Cause;
use crate::outbound;

pub(super) type HttpRequest = Request<Vec<u8>>;
pub(super) type HttpResponse = Response<Vec<u8>>;

/// Maximum size of a response body. Large providers' key sets have a few thousand bytes.
const MAX_BYTES: usize = 256 * 1024;

/// Concurrent requests to one provider; more wait, so that a provider that hangs does not tie up the server.
const MAX_CONCURRENT: usize = 16;

/// Sends requests to one provider.
#[derive(Debug)]
pub(super) struct ProviderClient {
    /// The provider, in the metrics.
    name: &'static str,
    client: Client,
    permits: Semaphore,
    timeout: Duration,
}

/// Why there is no response. Contains no URLs or bodies, which may hold secrets.
#[derive(Debug, thiserror::Error)]
#[error("{0:#}")]
pub(super) struct ClientError(anyhow::Error);

/// A response without success.
#[derive(Debug, thiserror::Error)]
#[error("the response has the status {0}")]
pub(super) struct FailedStatus(pub StatusCode);

impl FailedStatus {
    /// A request that is refused as such will be refused later as well; other failures pass.
    pub(super) fn cause(&self) -> Cause {
        const PASSING: [StatusCode; 2] =
            [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
        match self.0.is_client_error() && !PASSING.contains(&self.0) {
            true => Cause::Misconfigured,
            false => Cause::Unavailable,
        }
    }
}

impl ProviderClient {
    /// `timeout` limits each request as a whole, including the wait for a permit.
    pub(super) fn new(name: &'static str, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            name,
            client: outbound::client(timeout)?,
            permits: Semaphore::new(MAX_CONCURRENT),
            timeout,
        })
    }

    /// Fetches JSON, with the access token as a bearer token if there is one.
    pub(super) async fn get_json<T: DeserializeOwned>(
        &self,
        url: &Url,
        token: Option<&SecretString>,
    ) -> anyhow::Result<T> {
        let body = self.get(url, token, "application/json").await?;
        // The library's error may repeat a part of the body.
        serde_json::from_slice(&body).map_err(|_| anyhow::anyhow!("the response cannot be parsed"))
    }

    /// Fetches a response of the type `accept`, which is not checked.
    pub(super) async fn get(
        &self,
        url: &Url,
        token: Option<&SecretString>,
        accept: &str,
    ) -> anyhow::Result<Vec<u8>> {
        let mut request = Request::get(url.as_str()).header(ACCEPT, accept);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose_secret()));
        }
        let response = self.send(request.body(Vec::new())?).await?;
        let status = response.status();
        ensure!(status.is_success(), FailedStatus(status));
        Ok(response.into_body())
    }

    /// Sends a request and reads the response, up to [`MAX_BYTES`].
    pub(super) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, ClientError> {
        let exchange = async {
            let _permit = self.permits.acquire().await?;
            self.exchange(request).await
        };
        timeout(self.timeout, exchange)
            .await
            .unwrap_or_else(|_| Err(anyhow::anyhow!("no response in time")))
            .map_err(ClientError)
    }

    async fn exchange(&self, request: HttpRequest) -> anyhow::Result<HttpResponse> {
        let request = RequestBuilder::from_parts(self.client.clone(), request.try_into()?);
        let mut response = outbound::send(self.name, request)
            .await
            .map_err(reqwest::Error::without_url)?;
        let body = outbound::read(&mut response, MAX_BYTES).await?;
        let mut complete = Response::new(body);
        *complete.status_mut() = response.status();
        *complete.headers_mut() = std::mem::take(response.headers_mut());
        Ok(complete)
    }
}
