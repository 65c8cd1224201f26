//! Redeeming a code at a token endpoint (RFC 6749, section 4.1.3). Of the response, only the tokens are read.

use std::fmt;

use anyhow::anyhow;
use oauth2::{
    AccessToken, AuthType, AuthorizationCode, Client, ClientId, ClientSecret, ErrorResponse,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
    basic::{BasicRevocationErrorResponse, BasicTokenIntrospectionResponse, BasicTokenType},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{ProviderError, client::ProviderClient, provider::Authorization};

/// The `oauth2` library's client with our types of responses.
type TokenClient = Client<
    Refused,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

static BEARER: BasicTokenType = BasicTokenType::Bearer;

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

/// The tokens of a response.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Tokens {
    access_token: AccessToken,
    #[serde(default, skip_serializing)]
    id_token: Option<SecretString>,
}

impl Tokens {
    pub(super) fn access_token(&self) -> SecretString {
        self.access_token.secret().clone().into()
    }

    pub(super) fn id_token(&self) -> Option<&str> {
        self.id_token.as_ref().map(ExposeSecret::expose_secret)
    }
}

/// The library asks for more, which no one here uses.
impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &BEARER
    }

    fn expires_in(&self) -> Option<std::time::Duration> {
        None
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

/// An error response. Its description is left out, since it may repeat what was sent.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Refused {
    error: String,
}

impl ErrorResponse for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error)
    }
}

/// Why there are no tokens.
pub(super) enum ExchangeError {
    /// The endpoint does not accept the client's credentials in the way in which they were sent.
    UnknownClient(ProviderError),
    Other(ProviderError),
}

impl From<ExchangeError> for ProviderError {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::UnknownClient(error) | ExchangeError::Other(error) => error,
        }
    }
}

impl Exchange<'_> {
    /// Sends the request, with the client's secret in the header or in the body.
    pub(super) async fn send(&self, auth: AuthType) -> Result<Tokens, ExchangeError> {
        let client = TokenClient::new(ClientId::new(self.client_id.to_owned()))
            .set_client_secret(ClientSecret::new(
                self.client_secret.expose_secret().to_owned(),
            ))
            .set_auth_type(auth)
            .set_token_uri(TokenUrl::from_url(self.token_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(self.request.redirect_uri.clone()));
        let mut exchange = client.exchange_code(AuthorizationCode::new(self.code.to_owned()));
        if self.pkce {
            let verifier = self.request.pkce_verifier.expose_secret().to_owned();
            exchange = exchange.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        }
        exchange.request_async(self.http).await.map_err(error)
    }
}

fn error<E>(error: RequestTokenError<E, Refused>) -> ExchangeError
where
    E: std::error::Error + Send + Sync + 'static,
{
    let refused = match &error {
        RequestTokenError::ServerResponse(refused) => Some(refused.error.clone()),
        // GitHub reports errors with status 200.
        RequestTokenError::Parse(_, body) => {
            let refused = serde_json::from_slice::<Refused>(body);
            refused.ok().map(|refused| refused.error)
        }
        _ => None,
    };
    match (refused.as_deref(), error) {
        (Some(code @ ("invalid_client" | "unauthorized_client")), _) => {
            ExchangeError::UnknownClient(ProviderError::reported(code, None))
        }
        (Some(code), _) => ExchangeError::Other(ProviderError::reported(code, None)),
        (None, RequestTokenError::Request(error)) => {
            ExchangeError::Other(ProviderError::unavailable(error))
        }
        (None, _) => ExchangeError::Other(ProviderError::unavailable(anyhow!(
            "the token response cannot be parsed"
        ))),
    }
}
