//! What the settings and requests of several providers share.

use anyhow::anyhow;
use oauth2::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, PkceCodeVerifier, RedirectUrl,
    RequestTokenError, TokenResponse, TokenUrl,
    basic::{BasicClient, BasicErrorResponse, BasicErrorResponseType},
};
use openidconnect::IssuerUrl;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::{
    config::{HttpConfig, Source, is_safe},
    oauth::{ProviderError, client::ProviderClient, provider::Authorization},
};

/// A client's ID and secret, as shown in the provider's console. Both must be set, or neither.
pub(super) fn client(source: &Source, id: &str, secret: &str) -> Option<(String, SecretString)> {
    source.pair((id, source.text(id)), (secret, source.secret(secret)))
}

/// An issuer's URL: https, or outside production also http on this machine.
pub(super) fn issuer(
    source: &Source,
    name: &str,
    text: &str,
    http: &HttpConfig,
) -> Option<IssuerUrl> {
    let issuer = IssuerUrl::new(text.to_owned()).ok().filter(|issuer| {
        let url = issuer.url();
        let bare = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        bare && is_safe(url, http)
    });
    if issuer.is_none() {
        source.problem(
            name,
            "must be an issuer's URL with https, such as https://sso.example.com/realms/main",
        );
    }
    issuer
}

/// Redeems a code for an access token at a plain OAuth 2.0 provider that expects the secret in the body (RFC
/// 6749, sections 2.3.1 and 4.1.3).
pub(super) async fn access_token(
    http: &ProviderClient,
    (id, secret): (&str, &SecretString),
    token_url: Url,
    request: &Authorization,
    code: &str,
) -> Result<SecretString, ProviderError> {
    let verifier = request.pkce_verifier.expose_secret().to_owned();
    let tokens = BasicClient::new(ClientId::new(id.to_owned()))
        .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
        .set_auth_type(AuthType::RequestBody)
        .set_token_uri(TokenUrl::from_url(token_url))
        .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()))
        .exchange_code(AuthorizationCode::new(code.to_owned()))
        .set_pkce_verifier(PkceCodeVerifier::new(verifier))
        .request_async(http)
        .await
        .map_err(token_error)?;
    Ok(tokens.access_token().secret().clone().into())
}

/// Converts an error of the token endpoint. GitHub rejects a code with status 200 and
/// `bad_verification_code`.
fn token_error<E>(error: RequestTokenError<E, BasicErrorResponse>) -> ProviderError
where
    E: std::error::Error + Send + Sync + 'static,
{
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidGrant => {
                ProviderError::invalid(anyhow!("the code is rejected"))
            }
            kind => {
                ProviderError::unavailable(anyhow!("our request is rejected ({})", kind.as_ref()))
            }
        },
        RequestTokenError::Parse(_, body)
            if body
                .windows(21)
                .any(|part| part == b"bad_verification_code") =>
        {
            ProviderError::invalid(anyhow!("the code is rejected"))
        }
        RequestTokenError::Request(error) => ProviderError::unavailable(error),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            ProviderError::unavailable(anyhow!("the token response cannot be parsed"))
        }
    }
}
