//! GitLab, on gitlab.com or self-managed: <https://docs.gitlab.com/integration/openid_connect_provider/>.

use std::sync::Arc;

use super::parts::{client, issuer};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_GITLAB_CLIENT_ID`, `OAUTH_GITLAB_CLIENT_SECRET`. `OAUTH_GITLAB_ISSUER` is for a self-managed
/// server.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_GITLAB_CLIENT_ID",
        "OAUTH_GITLAB_CLIENT_SECRET",
    )?;
    let url = source
        .text("OAUTH_GITLAB_ISSUER")
        .unwrap_or_else(|| "https://gitlab.com".to_owned());
    Some(Arc::new(OidcConfig {
        name: "gitlab",
        label: "GitLab".to_owned(),
        issuer: issuer(source, "OAUTH_GITLAB_ISSUER", &url, http)?,
        client_id,
        client_secret: ClientSecretSource::Fixed(client_secret),
        scopes: &["email", "profile"],
        form_post: false,
        string_booleans: false,
    }))
}
