//! Microsoft: <https://learn.microsoft.com/en-us/entra/identity-platform/v2-protocols-oidc>.

use std::sync::Arc;

use super::parts::{client, issuer, with_options};
use crate::{
    config::{HttpConfig, Source},
    oauth::{
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

/// `OAUTH_MICROSOFT_CLIENT_ID`, `OAUTH_MICROSOFT_CLIENT_SECRET`, `OAUTH_MICROSOFT_TENANT`.
/// `OAUTH_MICROSOFT_ISSUER` is for tests. Also `OAUTH_MICROSOFT_SCOPES`, `OAUTH_MICROSOFT_PARAMETERS`.
///
/// A single tenant is required: `common` accepts users of any tenant, and its discovery document names no
/// issuer that tokens could match. Microsoft sends no `email_verified`, so its users have to confirm their
/// addresses here.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_MICROSOFT_CLIENT_ID",
        "OAUTH_MICROSOFT_CLIENT_SECRET",
    )?;
    let tenant = source.required(
        "OAUTH_MICROSOFT_TENANT",
        "be the ID of your tenant, as its overview page shows it",
    );
    let is_id = tenant.len() == 36
        && tenant
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    if !tenant.is_empty() && !is_id {
        source.problem(
            "OAUTH_MICROSOFT_TENANT",
            "must be a tenant's ID, not common, organizations or a name",
        );
    }
    let url = source
        .text("OAUTH_MICROSOFT_ISSUER")
        .unwrap_or_else(|| format!("https://login.microsoftonline.com/{tenant}/v2.0"));
    let config = OidcConfig::new(
        "microsoft",
        "Microsoft",
        issuer(source, "OAUTH_MICROSOFT_ISSUER", &url, http)?,
        (client_id, ClientSecretSource::Fixed(client_secret)),
    );
    let options = ["OAUTH_MICROSOFT_SCOPES", "OAUTH_MICROSOFT_PARAMETERS"];
    Some(Arc::new(with_options(source, config, options)))
}
