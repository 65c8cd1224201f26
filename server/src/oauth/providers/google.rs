//! Google: <https://developers.google.com/identity/openid-connect/openid-connect>.

use std::sync::Arc;

use super::parts::{client, issuer, with_options};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        domains::Domains,
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_GOOGLE_CLIENT_ID`, `OAUTH_GOOGLE_CLIENT_SECRET`. `OAUTH_GOOGLE_ISSUER` is for tests.
/// Also `OAUTH_GOOGLE_SCOPES`, `OAUTH_GOOGLE_PARAMETERS`, `OAUTH_GOOGLE_DOMAINS`.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_GOOGLE_CLIENT_ID",
        "OAUTH_GOOGLE_CLIENT_SECRET",
    )?;
    let url = source
        .text("OAUTH_GOOGLE_ISSUER")
        .unwrap_or_else(|| "https://accounts.google.com".to_owned());
    let config = OidcConfig::new(
        "google",
        "Google",
        issuer(source, "OAUTH_GOOGLE_ISSUER", &url, http)?,
        (client_id, ClientSecretSource::Fixed(client_secret)),
    );
    let options = ["OAUTH_GOOGLE_SCOPES", "OAUTH_GOOGLE_PARAMETERS"];
    Some(Arc::new(OidcConfig {
        // A personal account may have an address of any domain; only accounts of an organization have `hd`.
        domain_claim: Some("hd"),
        domains: Domains::from_source(source, "OAUTH_GOOGLE_DOMAINS"),
        ..with_options(source, config, options)
    }))
}
