//! OpenID Connect, for any issuer with a discovery document.
//!
//! The authorization code flow of <https://openid.net/specs/openid-connect-core-1_0.html>, with PKCE (RFC
//! 7636) and the issuer in the authorization response (RFC 9207).

mod claims;
mod config;
mod discovery;
mod keys;
mod misfits;

use std::time::Duration;

use anyhow::{anyhow, ensure};
use async_trait::async_trait;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    basic::BasicClient,
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::{
    claims::{Check, Invalid, UserInfo},
    discovery::{Discovery, Metadata},
};
use super::{
    AccountChoice, Hints, Identified, Provider, ProviderError,
    client::ProviderClient,
    exchange::{Exchange, ExchangeError, SecretPlace, Tokens},
    provider::{Authorization, AuthorizationResponse},
};
use crate::{clock::Clock, json::Object};

pub(super) use config::{ClientSecretSource, OidcConfig};
pub(super) use discovery::Issuer;

/// An OpenID Connect issuer as an identity provider.
#[derive(Debug)]
pub(super) struct OidcProvider {
    config: OidcConfig,
    client: ProviderClient,
    discovery: Discovery,
    clock: Clock,
}

impl OidcProvider {
    pub(super) fn new(config: OidcConfig, clock: Clock, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            client: ProviderClient::new(config.name, timeout)?,
            discovery: Discovery::new(&config, clock.clone())?,
            config,
            clock,
        })
    }

    /// Redeems the code. Many servers compare the secret in the header as it comes, although it is form-encoded
    /// there (RFC 6749, section 2.3.1); in the body, all read it in the same way.
    async fn redeem(
        &self,
        metadata: &Metadata,
        request: &Authorization,
        response: &AuthorizationResponse,
    ) -> Result<Tokens, ProviderError> {
        let secret = self.config.client_secret.secret(self.clock.now());
        let exchange = Exchange {
            http: &self.client,
            token_url: metadata.token_endpoint.clone(),
            client_id: &self.config.client_id,
            client_secret: &secret.map_err(ProviderError::misconfigured)?,
            request,
            code: response.code()?,
            pkce: self.config.pkce,
        };
        if let Some(place) = self.config.auth {
            return Ok(exchange.send(place).await?);
        }
        let takes = |method: &str| metadata.auth_methods.iter().any(|it| it == method);
        let takes_body = takes("client_secret_post");
        if takes_body && !takes("client_secret_basic") {
            return Ok(exchange.send(SecretPlace::Body).await?);
        }
        let may_take_body = takes_body || metadata.auth_methods.is_empty();
        match exchange.send(SecretPlace::Header).await {
            Err(ExchangeError::UnknownClient(_)) if may_take_body => {
                let tokens = exchange.send(SecretPlace::Body).await?;
                tracing::warn!(
                    provider = self.config.name,
                    "the token endpoint does not read a form-encoded secret in the header, so it was sent in the body"
                );
                Ok(tokens)
            }
            sent => Ok(sent?),
        }
    }

    /// The claims of the ID token, and the metadata with which it was checked. A signature that fails may be that
    /// of a newer key.
    async fn id_token(
        &self,
        check: &Check<'_>,
        tokens: &Tokens,
    ) -> Result<(Object, std::sync::Arc<Metadata>), ProviderError> {
        let token = tokens.id_token();
        let token = token
            .ok_or_else(|| ProviderError::invalid(anyhow!("the token response has no id_token")))?;
        let access_token = &tokens.access_token;
        let metadata = self.discovery.metadata(&self.client).await?;
        match check.id_token(&metadata, token, access_token) {
            Err(Invalid::Signature(error)) if error.may_pass_with_newer_keys() => {
                let fresh = self
                    .discovery
                    .metadata_with_fresh_keys(&self.client)
                    .await?;
                let claims = check.id_token(&fresh, token, access_token)?;
                Ok((claims, fresh))
            }
            checked => Ok((checked?, metadata)),
        }
    }

    /// The userinfo endpoint's response, as JSON or as a signed token.
    async fn user_info(
        &self,
        metadata: &Metadata,
        endpoint: &Url,
        token: &SecretString,
    ) -> Result<UserInfo, ProviderError> {
        const KINDS: &str = "application/json, application/jwt";
        let body = self.client.get(endpoint, Some(token), KINDS).await;
        let body = body.map_err(ProviderError::unavailable)?;
        if let Ok(claims) = serde_json::from_slice(&body) {
            return Ok(UserInfo {
                claims,
                is_signed: false,
            });
        }
        let token = std::str::from_utf8(&body).unwrap_or_default().trim();
        let claims = metadata.keys.signed_claims(token);
        let claims = claims
            .map_err(|error| ProviderError::invalid(anyhow!("neither JSON nor signed: {error}")))?;
        Ok(UserInfo {
            claims,
            is_signed: true,
        })
    }
}

#[async_trait]
impl Provider for OidcProvider {
    fn name(&self) -> &'static str {
        self.config.name
    }

    fn label(&self) -> &str {
        &self.config.label
    }

    async fn prepare(&self) {
        if let Err(error) = self.discovery.metadata(&self.client).await {
            error.log(self.config.name);
        }
    }

    async fn authorization_url(
        &self,
        request: &Authorization,
        hints: &Hints,
    ) -> Result<Url, ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        let endpoint = AuthUrl::from_url(metadata.authorization_endpoint.clone());
        let client = BasicClient::new(ClientId::new(self.config.client_id.clone()))
            .set_auth_uri(endpoint)
            .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        let scopes = self.config.scopes.iter().cloned().map(Scope::new);
        let state = request.state.clone();
        let mut url = client
            .authorize_url(|| CsrfToken::new(state))
            .add_scope(Scope::new("openid".to_owned()))
            .add_scopes(scopes)
            .add_extra_param("nonce", request.nonce.clone());
        if self.config.pkce {
            let verifier = PkceCodeVerifier::new(request.pkce_verifier.expose_secret().to_owned());
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            url = url.set_pkce_challenge(challenge);
        }
        if self.config.form_post {
            url = url.add_extra_param("response_mode", "form_post");
        }
        let (mut url, _) = url.url();
        let hinted = [
            (
                "prompt",
                hints
                    .account_choice
                    .and_then(|choice| prompt(choice, &metadata)),
            ),
            ("login_hint", hints.login.as_deref()),
            ("ui_locales", hints.languages.as_deref()),
        ];
        let set = &self.config.parameters;
        let is_free = |(name, _): &(&str, Option<&str>)| !set.iter().any(|(set, _)| set == name);
        let hinted = hinted.into_iter().filter(is_free);
        let hinted = hinted.filter_map(|(name, value)| Some((name, value?)));
        url.query_pairs_mut().extend_pairs(hinted).extend_pairs(set);
        Ok(url)
    }

    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        match issuer {
            Some(issuer) if issuer == metadata.issuer => Ok(()),
            Some(_) => Err(ProviderError::invalid(anyhow!(
                "the response is from another issuer"
            ))),
            None if metadata.sends_iss => Err(ProviderError::invalid(anyhow!(
                "the response does not name its issuer"
            ))),
            None => Ok(()),
        }
    }

    /// Asks the userinfo endpoint for what the ID token lacks. If it fails, the user is the same one.
    async fn identify(
        &self,
        request: &Authorization,
        response: &AuthorizationResponse,
    ) -> Result<Identified, ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        let tokens = self.redeem(&metadata, request, response).await?;
        let check = Check {
            config: &self.config,
            nonce: &request.nonce,
            now: self.clock.now(),
        };
        let (claims, metadata) = self.id_token(&check, &tokens).await?;
        let described =
            |userinfo: &Object| claims::identity(&self.config, &metadata.issuer, &claims, userinfo);
        let mut user = Identified::from(described(&Object::default()));
        let endpoint = metadata.userinfo_endpoint.as_ref();
        if let Some(endpoint) = endpoint.filter(|_| lacks_something(&user)) {
            let token = &tokens.access_token;
            match self.user_info(&metadata, endpoint, token).await {
                Ok(userinfo) => {
                    check.user_info(&metadata, &userinfo, &user.identity.subject)?;
                    user.identity = described(&userinfo.claims);
                }
                Err(error) => {
                    tracing::warn!(
                        provider = self.config.name, %error,
                        "the userinfo endpoint cannot be used; the sign-in goes on without it"
                    );
                    user.incomplete = Some(error);
                }
            }
        }
        if let Some(name) = response.user.as_deref().and_then(name_in_form) {
            user.identity.display_name = Some(name);
        }
        let domains = &self.config.domains;
        match self.config.domain_claim {
            Some(claim) => domains.check(claims.text(claim).as_deref()).map(|()| user),
            None => user.allowed_by(domains),
        }
    }
}

/// Whether anything is missing that the userinfo endpoint may have.
fn lacks_something(user: &Identified) -> bool {
    let user = &user.identity;
    let is_verified = user.email.as_ref().is_some_and(|email| email.verified);
    !is_verified || user.display_name.is_none() || user.photo_url.is_none()
}

/// The value of `prompt` that lets the user choose an account, or at least sign in again. A document that lists
/// values lists all that its server does not refuse.
fn prompt(choice: AccountChoice, metadata: &Metadata) -> Option<&'static str> {
    let listed = &metadata.prompts;
    let is_known = |value: &&str| listed.is_empty() || listed.iter().any(|it| it == value);
    let select = (choice == AccountChoice::Select).then_some("select_account");
    select.into_iter().chain(["login"]).find(is_known)
}

/// The name in the field `user` of a `form_post` response: `{"name":{"firstName":…,"lastName":…}}`.
///
/// <https://developer.apple.com/documentation/signinwithapple/configuring-your-webpage-for-sign-in-with-apple>
fn name_in_form(user: &str) -> Option<String> {
    let user: serde_json::Value = serde_json::from_str(user).ok()?;
    let part = |name: &str| {
        user["name"][name]
            .as_str()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let name = format!("{} {}", part("firstName"), part("lastName"));
    Some(name.trim().to_owned()).filter(|name| !name.is_empty())
}

/// Ensures that an endpoint in the discovery document uses TLS, unless the issuer itself does not, and names
/// no IP address other than the issuer's.
fn ensure_endpoint_is_safe(issuer: &Url, endpoint: &Url) -> anyhow::Result<()> {
    let plain_allowed = issuer.scheme() == "http";
    ensure!(
        endpoint.scheme() == "https" || (plain_allowed && endpoint.scheme() == "http"),
        "the issuer names an endpoint without TLS"
    );
    let is_address = !matches!(endpoint.host(), Some(url::Host::Domain(_)));
    ensure!(
        !is_address || endpoint.host() == issuer.host(),
        "the issuer names an endpoint by IP address"
    );
    Ok(())
}
