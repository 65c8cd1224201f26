//! What all our HTTP clients share, and the certificates that they and the mail client trust.

use std::{
    fs,
    sync::{Arc, OnceLock},
    time::Duration,
};

use anyhow::{Context, ensure};
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, Response, redirect, retry};

use crate::{config::Source, metrics::TimedCall};

/// Idle connections that are kept for each host.
const MAX_IDLE: usize = 32;

static INSTALLED: OnceLock<Arc<[u8]>> = OnceLock::new();

/// `SSL_CERT_FILE`: a file with certificates of authorities, in PEM, such as a company's own. They are trusted in
/// addition to the public ones, which are compiled in.
#[derive(Clone, Debug, Default)]
pub struct ExtraRoots(Option<Arc<[u8]>>);

impl ExtraRoots {
    pub(crate) fn from_source(source: &Source) -> Self {
        const NAME: &str = "SSL_CERT_FILE";
        let Some(path) = source.text(NAME) else {
            return Self::default();
        };
        let pem = fs::read(path).ok();
        let pem = pem.filter(|pem| {
            Certificate::from_pem_bundle(pem).is_ok_and(|certificates| !certificates.is_empty())
        });
        if pem.is_none() {
            source.problem(NAME, "must name a readable file of certificates in PEM");
        }
        Self(pem.map(Into::into))
    }

    /// Lets all HTTP clients that are made afterwards trust them. This holds for the whole process, as the
    /// variable does for every program.
    pub fn install(&self) {
        if let Some(pem) = &self.0 {
            let _ = INSTALLED.set(Arc::clone(pem));
        }
    }

    /// The certificates in PEM.
    pub(crate) fn pem(&self) -> Option<&[u8]> {
        self.0.as_deref()
    }
}

/// A client whose requests take no longer than `timeout` in all, including the body.
///
/// It follows no redirects, which could send secrets to another host, and retries nothing.
///
/// # Errors
/// If TLS is not available, or an extra certificate is not valid.
pub fn client(timeout: Duration) -> anyhow::Result<Client> {
    let extra = INSTALLED.get().map_or(&[][..], |pem| pem);
    let extra = Certificate::from_pem_bundle(extra)?;
    extra
        .into_iter()
        .fold(Client::builder(), ClientBuilder::add_root_certificate)
        .connect_timeout(Duration::from_secs(2))
        .timeout(timeout)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .pool_max_idle_per_host(MAX_IDLE)
        .user_agent("latchkey")
        .build()
        .context("cannot make an HTTP client")
}

/// Sends a request, and counts and times it under the name of the service.
///
/// # Errors
/// If there is no response.
pub async fn send(service: &'static str, request: RequestBuilder) -> reqwest::Result<Response> {
    let mut call = TimedCall::to(service);
    let response = request.send().await?;
    call.responded(response.status().as_u16());
    Ok(response)
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
