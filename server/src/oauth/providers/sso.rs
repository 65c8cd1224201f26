//! Any OpenID Connect issuer: your own Keycloak, Authentik, Entra ID, Auth0 …

use std::sync::Arc;

use super::parts::{client, issuer};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_SSO_ISSUER`, `OAUTH_SSO_CLIENT_ID`, `OAUTH_SSO_CLIENT_SECRET`; `OAUTH_SSO_NAME` is the button's
/// label.
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
    Some(Arc::new(OidcConfig {
        name: "sso",
        label: source
            .text("OAUTH_SSO_NAME")
            .unwrap_or_else(|| "Single sign-on".to_owned()),
        issuer: issuer(source, "OAUTH_SSO_ISSUER", &url?, http)?,
        client_id,
        client_secret: ClientSecretSource::Fixed(client_secret),
        scopes: &["email", "profile"],
        form_post: false,
        string_booleans: false,
    }))
}
