//! GitHub: OAuth 2.0 without OpenID Connect.
//!
//! <https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps>. The user comes
//! from GitHub's API; of the user's addresses, only the primary one is used.

use std::{sync::Arc, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    basic::BasicClient,
};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use url::Url;

use super::parts::{access_token, client, own_or_none};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::Clock,
    config::{HttpConfig, Source},
    json::Object,
    oauth::{
        AccountChoice, Hints, Identified, Provider, ProviderError,
        client::ProviderClient,
        domains::Domains,
        provider::{Authorization, AuthorizationResponse, ProviderConfig},
    },
};

/// GitHub's settings.
#[derive(Clone, Debug)]
pub(super) struct GitHubConfig {
    client_id: String,
    client_secret: SecretString,
    /// The site where users sign in.
    site: Url,
    /// The base URL of the API.
    api: Url,
    /// The domains of the primary addresses that may sign in.
    domains: Domains,
}

/// `OAUTH_GITHUB_CLIENT_ID`, `OAUTH_GITHUB_CLIENT_SECRET`; `OAUTH_GITHUB_URL` and `OAUTH_GITHUB_API_URL` for
/// GitHub Enterprise Server; `OAUTH_GITHUB_DOMAINS`.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let (client_id, client_secret) = client(
        source,
        "OAUTH_GITHUB_CLIENT_ID",
        "OAUTH_GITHUB_CLIENT_SECRET",
    )?;
    Some(Arc::new(GitHubConfig {
        client_id,
        client_secret,
        site: source.base_url("OAUTH_GITHUB_URL", "https://github.com", http)?,
        api: source.base_url("OAUTH_GITHUB_API_URL", "https://api.github.com", http)?,
        domains: Domains::from_source(source, "OAUTH_GITHUB_DOMAINS"),
    }))
}

impl ProviderConfig for GitHubConfig {
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>> {
        Ok(Arc::new(GitHub::new(self.clone(), clock.clone(), timeout)?))
    }
}

/// GitHub, configured.
#[derive(Debug)]
pub(super) struct GitHub {
    config: GitHubConfig,
    client: ProviderClient,
}

impl GitHub {
    pub(super) fn new(config: GitHubConfig, _: Clock, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            config,
            client: ProviderClient::new("github", timeout)?,
        })
    }

    fn site(&self, path: &str) -> Result<Url, ProviderError> {
        let url = self.config.site.join(path);
        url.map_err(ProviderError::unavailable)
    }

    async fn access_token(
        &self,
        request: &Authorization,
        response: &AuthorizationResponse,
    ) -> Result<SecretString, ProviderError> {
        let token_url = self.site("login/oauth/access_token")?;
        let client = (self.config.client_id.as_str(), &self.config.client_secret);
        access_token(&self.client, client, token_url, request, response.code()?).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &SecretString,
    ) -> anyhow::Result<T> {
        let url = self.config.api.join(path)?;
        self.client.get_json(&url, Some(token)).await
    }

    /// The primary address. GitHub answers 403 to an app without the permission to read addresses.
    async fn email(&self, token: &SecretString) -> anyhow::Result<Option<ProviderEmail>> {
        let emails: Vec<Object> = self.ask("user/emails", token).await?;
        let is_primary = |email: &&Object| email.boolean("primary") == Some(true);
        Ok(emails.iter().find(is_primary).and_then(|email| {
            Some(ProviderEmail {
                address: email.text("email")?,
                verified: email.boolean("verified") == Some(true),
            })
        }))
    }
}

#[async_trait]
impl Provider for GitHub {
    fn name(&self) -> &'static str {
        "github"
    }

    fn label(&self) -> &str {
        "GitHub"
    }

    async fn authorization_url(
        &self,
        request: &Authorization,
        hints: &Hints,
    ) -> Result<Url, ProviderError> {
        let url = AuthUrl::from_url(self.site("login/oauth/authorize")?);
        let client = BasicClient::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(url)
            .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        let verifier = PkceCodeVerifier::new(request.pkce_verifier.expose_secret().to_owned());
        let state = request.state.clone();
        let selects = hints.account_choice == Some(AccountChoice::Select);
        let prompt = selects.then_some(("prompt", "select_account"));
        let login = hints.login.as_deref().map(|login| ("login", login));
        let (mut url, _) = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(["read:user", "user:email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        let hinted = [prompt, login].into_iter().flatten();
        url.query_pairs_mut().extend_pairs(hinted);
        Ok(url)
    }

    /// GitHub sends `iss` since 2026; GitHub Enterprise Server may be older.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        own_or_none(issuer, self.site("login/oauth")?.as_str())
    }

    /// If the addresses cannot be read, the user is the same one.
    async fn identify(
        &self,
        request: &Authorization,
        response: &AuthorizationResponse,
    ) -> Result<Identified, ProviderError> {
        let token = self.access_token(request, response).await?;
        let user = self.ask("user", &token).await;
        let user: Object = user.map_err(ProviderError::unavailable)?;
        // A login name can pass to another user; the number cannot.
        let id = user.whole("id");
        let id = id.ok_or_else(|| ProviderError::unavailable(anyhow!("the user has no id")))?;
        let (email, incomplete) = match self.email(&token).await {
            Ok(email) => (email, None),
            Err(error) => {
                tracing::warn!(
                    error = format!("{error:#}"),
                    "GitHub's list of addresses cannot be read; the sign-in goes on without it"
                );
                (None, Some(ProviderError::of_request(error)))
            }
        };
        let name = user.text("name").filter(|name| !name.trim().is_empty());
        let identified = Identified {
            identity: ExternalIdentity {
                provider: self.name().to_owned(),
                issuer: self.config.site.origin().ascii_serialization(),
                subject: id.to_string(),
                email,
                display_name: name.or_else(|| user.text("login")),
                photo_url: user.text("avatar_url"),
            },
            incomplete,
        };
        identified.allowed_by(&self.config.domains)
    }
}
