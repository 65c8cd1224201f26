//! Redeeming a code at a token endpoint (RFC 6749, section 4.1.3). Of the response, only the tokens are read; if it
//! has none, its error code and its status say why.

use anyhow::anyhow;
use base64::{Engine, engine::general_purpose::STANDARD};
use http::{
    Request, StatusCode,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::{Url, form_urlencoded};

use super::{
    Cause, ProviderError,
    client::{FailedStatus, HttpRequest, HttpResponse, ProviderClient},
    provider::{Authorization, plain},
};

/// The codes of an endpoint that does not accept the client.
const UNKNOWN_CLIENT: [&str; 2] = ["invalid_client", "unauthorized_client"];

/// A request for the tokens of a code.
pub(super) struct Exchange<'a> {
    pub http: &'a ProviderClient,
    pub token_url: Url,
    pub client_id: &'a str,
    pub client_secret: &'a SecretString,
    pub request: &'a Authorization,
    pub code: &'a str,
    /// Whether to send the verifier.
    pub pkce: bool,
}

/// Where a request has the client's secret (RFC 6749, section 2.3.1).
#[derive(Clone, Copy, Debug)]
pub(super) enum SecretPlace {
    Header,
    Body,
}

/// The tokens of a response.
#[derive(Debug, Deserialize)]
pub(super) struct Tokens {
    pub access_token: SecretString,
    id_token: Option<SecretString>,
}

impl Tokens {
    pub(super) fn id_token(&self) -> Option<&str> {
        self.id_token.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// An error response. Its description is left out, since it may repeat what was sent.
#[derive(Deserialize)]
struct Refused {
    error: String,
}

/// Why there are no tokens.
pub(super) enum ExchangeError {
    /// The endpoint does not accept the client's credentials in the way in which they were sent.
    UnknownClient(ProviderError),
    Other(ProviderError),
}

impl From<ProviderError> for ExchangeError {
    fn from(error: ProviderError) -> Self {
        Self::Other(error)
    }
}

impl From<ExchangeError> for ProviderError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::UnknownClient(error) | ExchangeError::Other(error) => error,
        }
    }
}

impl Exchange<'_> {
    /// Sends the request, with the client's secret in this place.
    pub(super) async fn send(&self, place: SecretPlace) -> Result<Tokens, ExchangeError> {
        let request = self.request_with(place);
        let request = request.map_err(ProviderError::unavailable)?;
        let response = self.http.send(request).await;
        read(&response.map_err(ProviderError::unavailable)?)
    }

    fn request_with(&self, place: SecretPlace) -> Result<HttpRequest, http::Error> {
        let secret = self.client_secret.expose_secret();
        let mut request = Request::post(self.token_url.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", self.code)
            .append_pair("redirect_uri", self.request.redirect_uri.as_str());
        if self.pkce {
            let verifier = self.request.pkce_verifier.expose_secret();
            form.append_pair("code_verifier", verifier);
        }
        match place {
            SecretPlace::Header => {
                let [id, secret] = [self.client_id, secret].map(|text| {
                    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>()
                });
                let credentials = STANDARD.encode(format!("{id}:{secret}"));
                request = request.header(AUTHORIZATION, format!("Basic {credentials}"));
            }
            SecretPlace::Body => {
                form.append_pair("client_id", self.client_id)
                    .append_pair("client_secret", secret);
            }
        }
        request.body(form.finish().into_bytes())
    }
}

/// The tokens of a response, whatever type it says that it has.
fn read(response: &HttpResponse) -> Result<Tokens, ExchangeError> {
    let (status, body) = (response.status(), response.body());
    if status.is_success()
        && let Ok(tokens) = serde_json::from_slice(body)
    {
        return Ok(tokens);
    }
    let refused = serde_json::from_slice::<Refused>(body).ok();
    Err(failure(
        status,
        refused.as_ref().map(|it| it.error.as_str()),
    ))
}

/// Why a response has no tokens. A code that is known says more than the status, and the status more than any other
/// code, which may be that of a framework: `{"status":404,"error":"Not Found"}`.
fn failure(status: StatusCode, code: Option<&str>) -> ExchangeError {
    let known = code.and_then(Cause::of_known_code);
    // No user is asked here, so it is the client who is denied.
    let is_unauthorized =
        status == StatusCode::UNAUTHORIZED && matches!(known, None | Some(Cause::Denied));
    let is_client_unknown =
        is_unauthorized || code.is_some_and(|code| UNKNOWN_CLIENT.contains(&code));
    let is_plain_refusal = status == StatusCode::BAD_REQUEST || status.is_success();
    let cause = match known {
        _ if is_client_unknown => Cause::Misconfigured,
        Some(cause) => cause,
        None if code.is_some() && is_plain_refusal => Cause::Rejected,
        None => FailedStatus(status).cause(),
    };
    let detail = match code {
        Some(code) => anyhow!(
            "the provider reports {} with the status {status}",
            plain(code)
        ),
        None if status.is_success() => anyhow!("there are no tokens in the response ({status})"),
        None => FailedStatus(status).into(),
    };
    let error = ProviderError::new(cause, detail.context("the code was not redeemed"));
    match is_client_unknown {
        true => ExchangeError::UnknownClient(error),
        false => ExchangeError::Other(error),
    }
}
