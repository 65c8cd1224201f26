//! GitLab, on gitlab.com or self-managed: <https://docs.gitlab.com/integration/openid_connect_provider/>.

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

/// `OAUTH_GITLAB_CLIENT_ID`, `OAUTH_GITLAB_CLIENT_SECRET`. `OAUTH_GITLAB_ISSUER` is for a self-managed
/// server. Also `OAUTH_GITLAB_SCOPES`, `OAUTH_GITLAB_PARAMETERS`, `OAUTH_GITLAB_DOMAINS`.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_GITLAB_CLIENT_ID",
        "OAUTH_GITLAB_CLIENT_SECRET",
    )?;
    let url = source
        .text("OAUTH_GITLAB_ISSUER")
        .unwrap_or_else(|| "https://gitlab.com".to_owned());
    let config = OidcConfig::new(
        "gitlab",
        "GitLab",
        issuer(source, "OAUTH_GITLAB_ISSUER", &url, http)?,
        (client_id, ClientSecretSource::Fixed(client_secret)),
    );
    let options = ["OAUTH_GITLAB_SCOPES", "OAUTH_GITLAB_PARAMETERS"];
    Some(Arc::new(OidcConfig {
        domains: Domains::from_source(source, "OAUTH_GITLAB_DOMAINS"),
        ..with_options(source, config, options)
    }))
}
