//! OpenID Connect, for any issuer with a discovery document.
//!
//! The authorization code flow of <https://openid.net/specs/openid-connect-core-1_0.html>, with PKCE (RFC
//! 7636) and the issuer in the authorization response (RFC 9207).

mod claims;
mod discovery;

use std::{fmt, sync::Arc, time::Duration};

use anyhow::{anyhow, ensure};
use async_trait::async_trait;
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, StandardErrorResponse,
    core::{
        CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreErrorResponseType,
        CoreTokenResponse,
    },
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::discovery::{Discovery, Metadata};
use super::{
    Provider, ProviderError,
    client::ProviderClient,
    provider::{Answer, Authorization, ProviderConfig},
};
use crate::{
    accounts::ExternalIdentity,
    clock::{Clock, Timestamp},
};

/// The settings of an issuer.
#[derive(Clone, Debug)]
pub(super) struct OidcConfig {
    pub name: &'static str,
    pub label: String,
    pub issuer: IssuerUrl,
    pub client_id: String,
    pub client_secret: ClientSecretSource,
    /// In addition to `openid`.
    pub scopes: &'static [&'static str],
    /// Whether to request `response_mode=form_post`, which some issuers require for scopes such as `name`.
    pub form_post: bool,
    /// Whether the issuer may write booleans as strings, such as `"true"`.
    pub string_booleans: bool,
}

/// Where the client's secret comes from.
#[derive(Clone)]
pub(super) enum ClientSecretSource {
    Fixed(SecretString),
    /// Signed for each exchange: the function that signs, and its key.
    Signed(
        fn(&SecretString, Timestamp) -> anyhow::Result<SecretString>,
        SecretString,
    ),
}

impl ClientSecretSource {
    fn secret(&self, now: Timestamp) -> anyhow::Result<ClientSecret> {
        let secret = match self {
            Self::Fixed(secret) => secret.clone(),
            Self::Signed(sign, key) => sign(key, now)?,
        };
        Ok(ClientSecret::new(secret.expose_secret().to_owned()))
    }
}

impl fmt::Debug for ClientSecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecretSource")
    }
}

/// An OpenID Connect issuer as an identity provider.
#[derive(Debug)]
pub(super) struct OidcProvider {
    config: OidcConfig,
    client: ProviderClient,
    discovery: Discovery,
    clock: Clock,
}

impl ProviderConfig for OidcConfig {
    fn build(&self, clock: &Clock, timeout: Duration) -> anyhow::Result<Arc<dyn Provider>> {
        Ok(Arc::new(OidcProvider::new(
            self.clone(),
            clock.clone(),
            timeout,
        )?))
    }
}

impl OidcProvider {
    pub(super) fn new(config: OidcConfig, clock: Clock, timeout: Duration) -> anyhow::Result<Self> {
        Ok(Self {
            client: ProviderClient::new(timeout)?,
            discovery: Discovery::new(config.issuer.clone(), clock.clone()),
            config,
            clock,
        })
    }

    fn client_id(&self) -> ClientId {
        ClientId::new(self.config.client_id.clone())
    }

    async fn redeem(
        &self,
        metadata: &Metadata,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<CoreTokenResponse, ProviderError> {
        let token_uri = metadata.token_endpoint().ok_or_else(|| {
            ProviderError::unavailable(anyhow!("the discovery document has no token endpoint"))
        })?;
        let secret = self
            .config
            .client_secret
            .secret(self.clock.now())
            .map_err(ProviderError::Unavailable)?;
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), self.client_id(), Some(secret))
                .set_auth_type(auth_type(metadata))
                .set_token_uri(token_uri.clone())
                .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        client
            .exchange_code(AuthorizationCode::new(answer.code()?.to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(
                request.pkce_verifier.expose_secret().to_owned(),
            ))
            .request_async(&self.client)
            .await
            .map_err(token_error)
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

    async fn authorization_url(&self, request: &Authorization) -> Result<Url, ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        let client =
            CoreClient::from_provider_metadata((*metadata).clone(), self.client_id(), None)
                .set_redirect_uri(RedirectUrl::from_url(request.redirect_uri.clone()));
        let verifier = PkceCodeVerifier::new(request.pkce_verifier.expose_secret().to_owned());
        let (state, nonce) = (request.state.clone(), request.nonce.clone());
        let mut url = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(
                self.config
                    .scopes
                    .iter()
                    .map(|scope| Scope::new((*scope).to_owned())),
            );
        if self.config.form_post {
            url = url.add_extra_param("response_mode", "form_post");
        }
        Ok(url.url().0)
    }

    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        match issuer {
            Some(issuer) if issuer == metadata.issuer().as_str() => Ok(()),
            Some(_) => Err(ProviderError::invalid(anyhow!(
                "the response is from another issuer"
            ))),
            None if metadata.additional_metadata().sends_iss() => Err(ProviderError::invalid(
                anyhow!("the response does not name its issuer"),
            )),
            None => Ok(()),
        }
    }

    async fn identify(
        &self,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<ExternalIdentity, ProviderError> {
        let metadata = self.discovery.metadata(&self.client).await?;
        let tokens = self.redeem(&metadata, request, answer).await?;
        let check = claims::Check {
            config: &self.config,
            nonce: &request.nonce,
            now: self.clock.now(),
        };
        let verified = match check.id_token(&metadata, &tokens) {
            Err(claims::Unverified::UnknownKey) => {
                let fresh = self
                    .discovery
                    .metadata_with_fresh_keys(&self.client)
                    .await?;
                check.id_token(&fresh, &tokens)
            }
            verified => verified,
        };
        let mut identity = verified.map_err(ProviderError::invalid)?;
        if let (None, Some(endpoint)) = (&identity.email, metadata.userinfo_endpoint()) {
            let token = tokens.access_token().secret().clone().into();
            let told = self.client.get_json(endpoint.url(), Some(&token)).await;
            let told = told.map_err(ProviderError::Unavailable)?;
            let user = check.user_info(&told, &identity.subject)?;
            identity.email = user.email;
            identity.display_name = identity.display_name.or(user.display_name);
            identity.photo_url = identity.photo_url.or(user.photo_url);
        }
        if let Some(name) = answer.user.as_deref().and_then(name_in_form) {
            identity.display_name = Some(name);
        }
        Ok(identity)
    }
}

/// How to send the client secret: in the `Authorization` header, unless the issuer accepts it only in the
/// body.
fn auth_type(metadata: &Metadata) -> AuthType {
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes = |method| methods.is_some_and(|methods| methods.contains(&method));
    if takes(CoreClientAuthMethod::ClientSecretPost)
        && !takes(CoreClientAuthMethod::ClientSecretBasic)
    {
        AuthType::RequestBody
    } else {
        AuthType::BasicAuth
    }
}

/// Converts an error of the token endpoint. The issuer's description is left out, since it may repeat what
/// was sent.
fn token_error<E>(
    error: RequestTokenError<E, StandardErrorResponse<CoreErrorResponseType>>,
) -> ProviderError
where
    E: std::error::Error + Send + Sync + 'static,
{
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            CoreErrorResponseType::InvalidGrant => {
                ProviderError::invalid(anyhow!("the issuer rejects the code"))
            }
            kind => ProviderError::unavailable(anyhow!(
                "the issuer rejects our request ({})",
                kind.as_ref()
            )),
        },
        RequestTokenError::Request(error) => ProviderError::unavailable(error),
        RequestTokenError::Parse(..) => {
            ProviderError::unavailable(anyhow!("the token response cannot be parsed"))
        }
        RequestTokenError::Other(_) => {
            ProviderError::unavailable(anyhow!("the token response is not valid"))
        }
    }
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
