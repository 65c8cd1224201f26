//! The settings of an OpenID Connect issuer.

use std::{fmt, sync::Arc, time::Duration};

use secrecy::SecretString;
use url::Url;

use super::{Issuer, OidcProvider};
use crate::{
    clock::{Clock, Timestamp},
    oauth::{Provider, domains::Domains, exchange::SecretPlace, provider::ProviderConfig},
};

/// The settings of an issuer.
#[derive(Clone, Debug)]
pub(in crate::oauth) struct OidcConfig {
    pub name: &'static str,
    pub label: String,
    pub issuer: Issuer,
    /// The discovery document's URL, if it is not below the issuer's.
    pub document: Option<Url>,
    pub client_id: String,
    pub client_secret: ClientSecretSource,
    /// How the client's secret is sent; `None` for what the document says, and the body if the header fails.
    pub auth: Option<SecretPlace>,
    /// In addition to `openid`.
    pub scopes: Vec<String>,
    /// More parameters of the authorization request.
    pub parameters: Vec<(String, String)>,
    /// Whether to request `response_mode=form_post`, which some issuers require for scopes such as `name`.
    pub form_post: bool,
    /// Whether to send a PKCE challenge, which some servers refuse. The nonce is always sent.
    pub pkce: bool,
    /// Whether addresses count as verified unless the issuer denies it.
    pub trusts_addresses: bool,
    /// Whose accounts may sign in.
    pub domains: Domains,
    /// The claim with the account's domain; `None` for that of the verified address.
    pub domain_claim: Option<&'static str>,
}

/// Where the client's secret comes from.
#[derive(Clone)]
pub(in crate::oauth) enum ClientSecretSource {
    Fixed(SecretString),
    /// Signed for each exchange: the function that signs, and its key.
    Signed(
        fn(&SecretString, Timestamp) -> anyhow::Result<SecretString>,
        SecretString,
    ),
}

impl OidcConfig {
    /// An issuer with the usual settings.
    pub(in crate::oauth) fn new(
        name: &'static str,
        label: impl Into<String>,
        issuer: Issuer,
        (client_id, client_secret): (String, ClientSecretSource),
    ) -> Self {
        Self {
            name,
            label: label.into(),
            issuer,
            document: None,
            client_id,
            client_secret,
            auth: None,
            scopes: ["email", "profile"].map(str::to_owned).to_vec(),
            parameters: Vec::new(),
            form_post: false,
            pkce: true,
            trusts_addresses: false,
            domains: Domains::default(),
            domain_claim: None,
        }
    }
}

impl ClientSecretSource {
    pub(super) fn secret(&self, now: Timestamp) -> anyhow::Result<SecretString> {
        match self {
            Self::Fixed(secret) => Ok(secret.clone()),
            Self::Signed(sign, key) => sign(key, now),
        }
    }
}

impl fmt::Debug for ClientSecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecretSource")
    }
}

impl ProviderConfig for OidcConfig {
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>> {
        let provider = OidcProvider::new(self.clone(), clock.clone(), timeout)?;
        Ok(Arc::new(provider))
    }
}
