//! Any OpenID Connect issuer: your own Keycloak, Authentik, Entra ID, Auth0 …

use std::sync::Arc;

use super::parts::{client, issuer, with_options};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        domains::Domains,
        exchange::SecretPlace,
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_SSO_ISSUER`, `OAUTH_SSO_CLIENT_ID`, `OAUTH_SSO_CLIENT_SECRET`; `OAUTH_SSO_NAME` is the button's
/// label. For issuers that need it: `OAUTH_SSO_DISCOVERY`, `OAUTH_SSO_AUTH`, `OAUTH_SSO_PKCE`,
/// `OAUTH_SSO_TRUST_EMAIL`, `OAUTH_SSO_SCOPES`, `OAUTH_SSO_PARAMETERS` and `OAUTH_SSO_DOMAINS`.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let client = client(source, "OAUTH_SSO_CLIENT_ID", "OAUTH_SSO_CLIENT_SECRET");
    let url = source.text("OAUTH_SSO_ISSUER");
    if client.is_some() != url.is_some() {
        source.problem(
            "OAUTH_SSO_ISSUER",
            "must be set together with OAUTH_SSO_CLIENT_ID",
        );
    }
    let (client_id, client_secret) = client?;
    let name = source.text("OAUTH_SSO_NAME");
    let config = OidcConfig::new(
        "sso",
        name.unwrap_or_else(|| "Single sign-on".to_owned()),
        issuer(source, "OAUTH_SSO_ISSUER", &url?, http)?,
        (client_id, ClientSecretSource::Fixed(client_secret)),
    );
    let options = ["OAUTH_SSO_SCOPES", "OAUTH_SSO_PARAMETERS"];
    Some(Arc::new(OidcConfig {
        document: source.text("OAUTH_SSO_DISCOVERY").and_then(|_| {
            let example = "https://sso.example.com/.well-known/openid-configuration";
            source.url("OAUTH_SSO_DISCOVERY", example, http)
        }),
        auth: auth(source),
        pkce: !source.switch("OAUTH_SSO_PKCE", ["on", "off"]),
        trusts_addresses: source.switch("OAUTH_SSO_TRUST_EMAIL", ["off", "on"]),
        domains: Domains::from_source(source, "OAUTH_SSO_DOMAINS"),
        ..with_options(source, config, options)
    }))
}

/// How the client's secret is sent, if the operator says so.
fn auth(source: &Source) -> Option<SecretPlace> {
    match source.text("OAUTH_SSO_AUTH")?.as_str() {
        "basic" => Some(SecretPlace::Header),
        "post" => Some(SecretPlace::Body),
        _ => {
            source.problem("OAUTH_SSO_AUTH", "must be basic or post");
            None
        }
    }
}
