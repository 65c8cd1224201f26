//! What the settings and requests of several providers share.

use anyhow::anyhow;
use secrecy::SecretString;
use url::{Url, form_urlencoded};

use crate::{
    config::{HttpConfig, Source, is_safe},
    oauth::{
        ProviderError,
        client::ProviderClient,
        exchange::{Exchange, SecretPlace},
        oidc::{Issuer, OidcConfig},
        provider::Authorization,
    },
};

/// Parameters of the authorization request on which its security depends, or that the settings have of their own.
const RESERVED: [&str; 13] = [
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "id_token_hint",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
    "login_hint",
];

/// A client's ID and secret, as shown in the provider's console. Both must be set, or neither.
pub(super) fn client(source: &Source, id: &str, secret: &str) -> Option<(String, SecretString)> {
    source.pair((id, source.text(id)), (secret, source.secret(secret)))
}

/// An issuer's URL: https, or outside production also http on this machine.
pub(super) fn issuer(source: &Source, name: &str, text: &str, http: &HttpConfig) -> Option<Issuer> {
    let issuer =
        Issuer::parse(text).filter(|issuer| is_bare(issuer.url()) && is_safe(issuer.url(), http));
    if issuer.is_none() {
        source.problem(
            name,
            "must be an issuer's URL with https, such as https://sso.example.com/realms/main",
        );
    }
    issuer
}

fn is_bare(url: &Url) -> bool {
    url.query().is_none() && url.fragment().is_none() && url.username().is_empty()
}

/// The settings of an issuer that the operator may change for every provider: `…_SCOPES` and `…_PARAMETERS`.
pub(super) fn with_options(
    source: &Source,
    config: OidcConfig,
    [scopes, parameters]: [&str; 2],
) -> OidcConfig {
    let set = scopes_of(source, scopes);
    OidcConfig {
        scopes: set.unwrap_or(config.scopes),
        parameters: parameters_of(source, parameters),
        ..config
    }
}

/// Scopes in addition to `openid`, separated by spaces (RFC 6749, section 3.3).
fn scopes_of(source: &Source, name: &str) -> Option<Vec<String>> {
    let text = source.text(name)?;
    let is_scope = |c: u8| matches!(c, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
    if !text.bytes().all(is_scope) || text.contains(',') {
        source.problem(
            name,
            "must be scopes separated by spaces, such as email profile",
        );
    }
    let scopes = text
        .split_ascii_whitespace()
        .filter(|scope| *scope != "openid");
    Some(scopes.map(str::to_owned).collect())
}

/// More parameters of the authorization request, written as a query.
fn parameters_of(source: &Source, name: &str) -> Vec<(String, String)> {
    let text = source.text(name).unwrap_or_default();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect();
    let is_bad = |(name, value): &(String, String)| {
        name.is_empty() || value.is_empty() || RESERVED.contains(&name.as_str())
    };
    if parameters.iter().any(is_bad) {
        source.problem(
            name,
            "must be a query such as hd=example.com&ui_locales=de, without parameters that the sign-in itself sends",
        );
    }
    parameters
}

/// Checks the `iss` of a response (RFC 9207), of a provider that may send it or not.
pub(super) fn own_or_none(issuer: Option<&str>, own: &str) -> Result<(), ProviderError> {
    match issuer {
        Some(issuer) if issuer != own => Err(ProviderError::invalid(anyhow!(
            "the response is from another issuer"
        ))),
        _ => Ok(()),
    }
}

/// Redeems a code for an access token at a plain OAuth 2.0 provider that expects the secret in the body (RFC
/// 6749, sections 2.3.1 and 4.1.3).
pub(super) async fn access_token(
    http: &ProviderClient,
    (client_id, client_secret): (&str, &SecretString),
    token_url: Url,
    request: &Authorization,
    code: &str,
) -> Result<SecretString, ProviderError> {
    let exchange = Exchange {
        http,
        token_url,
        client_id,
        client_secret,
        request,
        code,
        pkce: true,
    };
    Ok(exchange.send(SecretPlace::Body).await?.access_token)
}
