//! Xsolla Login: <https://developers.xsolla.com/doc/login/>. Both of its flows end in a user JWT, signed with the
//! project's secret (HS256) or with one of its keys (RS256).
//!
//! - OAuth 2.0: a code, redeemed for an access token that is the user JWT.
//! - JWT: the callback receives the user JWT itself as `?token=`. The state comes back in its claim `payload`.
//!
//! Its tokens do not say whether an address is verified, so its users have to confirm their addresses here.

use std::{fmt, sync::Arc, time::Duration};

use anyhow::anyhow;
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::parts::{access_token, client, own_or_none};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::Clock,
    config::{HttpConfig, Source},
    oauth::{
        Hints, Identified, Provider, ProviderError,
        client::ProviderClient,
        provider::{Authorization, AuthorizationResponse, Proof, ProviderConfig},
    },
    vendors::{
        UpstreamError,
        xsolla::{ISSUER, UserToken, Verifier, XsollaConfig as ProjectConfig},
    },
};

/// Xsolla Login's settings.
#[derive(Clone, Debug)]
pub(super) struct XsollaConfig {
    project: ProjectConfig,
    /// ID and secret of the project's OAuth 2.0 client; `None` for the JWT flow.
    client: Option<(String, SecretString)>,
    /// The page where users sign in.
    page: Url,
}

/// The project's variables, and `OAUTH_XSOLLA_CLIENT_ID` with `OAUTH_XSOLLA_CLIENT_SECRET` for OAuth 2.0, or
/// `OAUTH_XSOLLA_FLOW=jwt`. `OAUTH_XSOLLA_URL` is for tests.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let client = client(
        source,
        "OAUTH_XSOLLA_CLIENT_ID",
        "OAUTH_XSOLLA_CLIENT_SECRET",
    );
    let flow = source
        .text("OAUTH_XSOLLA_FLOW")
        .unwrap_or_else(|| "code".to_owned());
    match flow.as_str() {
        "code" if client.is_none() => return None,
        "code" | "jwt" => {}
        _ => {
            source.problem("OAUTH_XSOLLA_FLOW", "must be code or jwt");
            return None;
        }
    }
    source.required("XSOLLA_LOGIN_PROJECT_ID", "be the ID of the Login project");
    Some(Arc::new(XsollaConfig {
        project: ProjectConfig::from_source(source, http)?,
        client: client.filter(|_| flow == "code"),
        page: source.base_url(
            "OAUTH_XSOLLA_URL",
            "https://login-widget.xsolla.com/latest",
            http,
        )?,
    }))
}

impl ProviderConfig for XsollaConfig {
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>> {
        Ok(Arc::new(Xsolla::new(self.clone(), clock.clone(), timeout)?))
    }
}

/// Xsolla Login, configured.
pub(super) struct Xsolla {
    config: XsollaConfig,
    client: ProviderClient,
    verifier: Verifier,
}

/// The claims of a token that is not verified yet.
#[derive(Deserialize)]
struct Unverified {
    payload: Option<String>,
}

impl Xsolla {
    pub(super) fn new(
        config: XsollaConfig,
        clock: Clock,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            verifier: Verifier::new(&config.project, clock)?,
            config,
            client: ProviderClient::new("xsolla", timeout)?,
        })
    }

    async fn user_token(
        &self,
        request: &Authorization,
        proof: &Proof,
    ) -> Result<SecretString, ProviderError> {
        let (code, (id, secret)) = match (proof, &self.config.client) {
            (Proof::Token(token), None) => return Ok(token.clone()),
            (Proof::Code(code), Some(client)) => (code, client),
            (Proof::Token(_), Some(_)) => {
                return Err(ProviderError::misconfigured(anyhow!(
                    "Xsolla has sent a token instead of a code; if the project uses JWT, set OAUTH_XSOLLA_FLOW=jwt"
                )));
            }
            (Proof::Code(_), None) => {
                return Err(ProviderError::misconfigured(anyhow!(
                    "Xsolla has sent a code instead of a token; if the project uses OAuth 2.0, set OAUTH_XSOLLA_FLOW=code"
                )));
            }
        };
        let token_url = self
            .config
            .project
            .api
            .join("oauth2/token")
            .map_err(ProviderError::unavailable)?;
        let client = (id.as_str(), secret);
        access_token(
            &self.client,
            client,
            token_url,
            request,
            code.expose_secret(),
        )
        .await
    }

    async fn verify(&self, token: &str) -> Result<UserToken, ProviderError> {
        self.verifier
            .verify(token)
            .await
            .map_err(|error| match error {
                UpstreamError::Invalid(error) => ProviderError::invalid(error),
                UpstreamError::Unavailable(error) => ProviderError::unavailable(error),
            })
    }
}

impl fmt::Debug for Xsolla {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Xsolla")
    }
}

#[async_trait]
impl Provider for Xsolla {
    fn name(&self) -> &'static str {
        "xsolla"
    }

    fn label(&self) -> &str {
        "Xsolla"
    }

    async fn authorization_url(
        &self,
        request: &Authorization,
        _: &Hints,
    ) -> Result<Url, ProviderError> {
        let mut url = self.config.page.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("projectId", &self.config.project.project_id);
        match &self.config.client {
            Some((id, _)) => {
                let verifier =
                    PkceCodeVerifier::new(request.pkce_verifier.expose_secret().to_owned());
                let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
                query
                    .append_pair("client_id", id)
                    .append_pair("response_type", "code")
                    .append_pair("redirect_uri", request.redirect_uri.as_str())
                    .append_pair("state", &request.state)
                    .append_pair("code_challenge", challenge.as_str())
                    .append_pair("code_challenge_method", "S256");
            }
            None => {
                query
                    .append_pair("login_url", request.redirect_uri.as_str())
                    .append_pair("payload", &request.state);
            }
        }
        drop(query);
        Ok(url)
    }

    /// Xsolla sends no `iss` as yet; its tokens name the issuer.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        own_or_none(issuer, ISSUER)
    }

    fn state_in(&self, token: &str) -> Option<String> {
        let part = token.split('.').nth(1)?;
        let claims: Unverified =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        claims.payload
    }

    async fn identify(
        &self,
        request: &Authorization,
        response: &AuthorizationResponse,
    ) -> Result<Identified, ProviderError> {
        let token = self.user_token(request, &response.proof).await?;
        let user = self.verify(token.expose_secret()).await?;
        if matches!(response.proof, Proof::Token(_))
            && user.payload.as_deref() != Some(request.state.as_str())
        {
            return Err(ProviderError::invalid(anyhow!(
                "the token belongs to another sign-in"
            )));
        }
        let no_subject = || ProviderError::invalid(anyhow!("the token has no subject"));
        let identity = ExternalIdentity {
            provider: self.name().to_owned(),
            issuer: self.verifier.issuer().to_owned(),
            subject: user.subject.ok_or_else(no_subject)?,
            email: user.email.map(|address| ProviderEmail {
                address,
                verified: false,
            }),
            display_name: user.name.or(user.username),
            photo_url: user.picture,
        };
        Ok(identity.into())
    }
}

#[cfg(test)]
mod tests;
