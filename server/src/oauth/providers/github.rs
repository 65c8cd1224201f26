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
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::parts::{access_token, client};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::Clock,
    config::{HttpConfig, Source},
    oauth::{
        Provider, ProviderError,
        client::ProviderClient,
        provider::{Answer, Authorization, ProviderConfig},
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
}

/// `OAUTH_GITHUB_CLIENT_ID`, `OAUTH_GITHUB_CLIENT_SECRET`; `OAUTH_GITHUB_URL` and `OAUTH_GITHUB_API_URL` for
/// GitHub Enterprise Server.
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

/// The response to `GET /user`.
#[derive(Deserialize)]
struct UserResponse {
    id: u64,
    login: String,
    name: Option<String>,
    avatar_url: Option<String>,
}

/// An address in the response to `GET /user/emails`.
#[derive(Deserialize)]
struct EmailResponse {
    email: String,
    primary: bool,
    verified: bool,
}

impl GitHub {
    pub(super) fn new(config: GitHubConfig, _: Clock, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            config,
            client: ProviderClient::new(timeout)?,
        })
    }

    fn site(&self, path: &str) -> Result<Url, ProviderError> {
        let url = self.config.site.join(path);
        url.map_err(ProviderError::unavailable)
    }

    async fn access_token(
        &self,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<SecretString, ProviderError> {
        let token_url = self.site("login/oauth/access_token")?;
        let client = (self.config.client_id.as_str(), &self.config.client_secret);
        access_token(&self.client, client, token_url, request, answer.code()?).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &SecretString,
    ) -> Result<T, ProviderError> {
        let url = self.config.api.join(path);
        let url = url.map_err(ProviderError::unavailable)?;
        let answer = self.client.get_json(&url, Some(token)).await;
        answer.map_err(ProviderError::Unavailable)
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

    async fn authorization_url(&self, request: &Authorization) -> Result<Url, ProviderError> {
        let url = AuthUrl::from_url(self.site("login/oauth/authorize")?);
        let client = BasicClient::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(url)
            .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        let verifier = PkceCodeVerifier::new(request.pkce_verifier.expose_secret().to_owned());
        let state = request.state.clone();
        let (url, _) = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scopes(["read:user", "user:email"].map(|scope| Scope::new(scope.to_owned())))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .url();
        Ok(url)
    }

    /// GitHub sends no `iss`, so a response that has one is not GitHub's.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        match issuer {
            None => Ok(()),
            Some(_) => Err(ProviderError::invalid(anyhow!(
                "the response is from another issuer"
            ))),
        }
    }

    async fn identify(
        &self,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<ExternalIdentity, ProviderError> {
        let token = self.access_token(request, answer).await?;
        let user: UserResponse = self.ask("user", &token).await?;
        let emails: Vec<EmailResponse> = self.ask("user/emails", &token).await?;
        let primary = emails.into_iter().find(|email| email.primary);
        Ok(ExternalIdentity {
            provider: self.name().to_owned(),
            issuer: self.config.site.origin().ascii_serialization(),
            // A login name can pass to another user; the number cannot.
            subject: user.id.to_string(),
            email: primary.map(|email| ProviderEmail {
                address: email.email,
                verified: email.verified,
            }),
            display_name: user
                .name
                .filter(|name| !name.trim().is_empty())
                .or(Some(user.login)),
            photo_url: user.avatar_url,
        })
    }
}
