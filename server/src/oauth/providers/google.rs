//! Google: <https://developers.google.com/identity/openid-connect/openid-connect>.

use std::sync::Arc;

use super::parts::{client, issuer};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_GOOGLE_CLIENT_ID`, `OAUTH_GOOGLE_CLIENT_SECRET`. `OAUTH_GOOGLE_ISSUER` is for tests.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_GOOGLE_CLIENT_ID",
        "OAUTH_GOOGLE_CLIENT_SECRET",
    )?;
    let url = source
        .text("OAUTH_GOOGLE_ISSUER")
        .unwrap_or_else(|| "https://accounts.google.com".to_owned());
    Some(Arc::new(OidcConfig {
        name: "google",
        label: "Google".to_owned(),
        issuer: issuer(source, "OAUTH_GOOGLE_ISSUER", &url, http)?,
        client_id,
        client_secret: ClientSecretSource::Fixed(client_secret),
        scopes: &["email", "profile"],
        form_post: false,
        string_booleans: false,
    }))
}
