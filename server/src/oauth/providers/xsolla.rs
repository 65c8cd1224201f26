//! Xsolla Login: <https://developers.xsolla.com/doc/login/>. Both of its flows end in a user JWT, signed with the
//! project's secret (HS256) or with one of its keys (RS256).
//!
//! - OAuth 2.0: a code, redeemed for an access token that is the user JWT.
//! - JWT: the callback gets the user JWT itself as `?token=`. The state comes back in its claim `payload`.
//!
//! Its tokens do not say whether an address is proved, so an address of its has to be confirmed here.

use std::time::Duration;

use anyhow::{Context, anyhow};
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;

use super::{ProviderConfig, client};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::{Clock, Timestamp},
    config::{HttpConfig, Source},
    jwt,
    oauth::{
        Provider, ProviderError,
        client::ProviderClient,
        provider::{Answer, Authorization, Proof},
    },
};

const ISSUER: &str = "https://login.xsolla.com";
const LONGEST_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a key list is good, and how often an unknown key makes us look for new ones.
const KEYS_KEPT: Duration = Duration::from_secs(10 * 60);
const KEYS_EVERY: Duration = Duration::from_secs(60);

/// After a failure nobody asks for a moment, so that a crowd does not queue up behind an API that hangs.
const PAUSE: Duration = Duration::from_secs(3);

/// Xsolla Login's settings.
#[derive(Clone, Debug)]
pub(super) struct XsollaConfig {
    project_id: String,
    /// For projects that sign with HS256.
    secret: Option<SecretString>,
    /// Id and secret of the project's OAuth 2.0 client; none for the JWT flow.
    client: Option<(String, SecretString)>,
    /// Where people sign in.
    page: Url,
    /// Where its API is; ends with a slash.
    api: Url,
}

/// `XSOLLA_LOGIN_PROJECT_ID`, `XSOLLA_LOGIN_SECRET` (if the project signs with HS256), and `OAUTH_XSOLLA_CLIENT_ID` with
/// `OAUTH_XSOLLA_CLIENT_SECRET` for OAuth 2.0, or `OAUTH_XSOLLA_FLOW=jwt`. `OAUTH_XSOLLA_URL` and `OAUTH_XSOLLA_API_URL`
/// are for tests.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<ProviderConfig> {
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
    let url = |name: &str, default: &str| {
        let text = source.text(name).unwrap_or_else(|| default.to_owned());
        let url = Url::parse(&format!("{}/", text.trim_end_matches('/'))).ok();
        let url = url.filter(|url| url.scheme() == "https" || !http.is_production());
        if url.is_none() {
            source.problem(name, "must be a URL with https");
        }
        url
    };
    let secret = source.secret("XSOLLA_LOGIN_SECRET");
    if secret
        .as_ref()
        .is_some_and(|secret| secret.expose_secret().len() < 16)
    {
        source.problem(
            "XSOLLA_LOGIN_SECRET",
            "must be the project's secret; this is too short to be one",
        );
    }
    Some(ProviderConfig::Xsolla(XsollaConfig {
        project_id: source.required("XSOLLA_LOGIN_PROJECT_ID", "be the id of the Login project"),
        secret,
        client: client.filter(|_| flow == "code"),
        page: url("OAUTH_XSOLLA_URL", "https://login-widget.xsolla.com/latest")?,
        api: url("OAUTH_XSOLLA_API_URL", "https://login.xsolla.com/api")?,
    }))
}

/// Xsolla Login, configured.
#[derive(Debug)]
pub(super) struct Xsolla {
    config: XsollaConfig,
    client: ProviderClient,
    clock: Clock,
    keys: Mutex<Keys>,
}

/// The project's keys, as far as they are known.
#[derive(Debug, Default)]
struct Keys {
    list: Vec<ProjectKey>,
    fetched_at: Option<Timestamp>,
    failed_at: Option<Timestamp>,
}

/// `GET /projects/{id}/keys`, one of them. Modulus and exponent are hexadecimal, unlike RFC 7518's.
#[derive(Clone, Debug, Deserialize)]
struct ProjectKey {
    kid: String,
    n: String,
    e: String,
}

/// The user JWT: <https://developers.xsolla.com/login-api/jwt-structure>.
#[derive(Deserialize)]
struct UserClaims {
    sub: String,
    xsolla_login_project_id: String,
    email: Option<String>,
    username: Option<String>,
    name: Option<String>,
    picture: Option<String>,
    /// What the sign-in was begun with.
    payload: Option<String>,
}

impl Xsolla {
    pub(super) fn new(
        config: XsollaConfig,
        clock: Clock,
        timeout: Duration,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            config,
            client: ProviderClient::new(timeout)?,
            clock,
            keys: Mutex::default(),
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
            _ => {
                return Err(ProviderError::invalid(anyhow!(
                    "the answer belongs to the other flow"
                )));
            }
        };
        let token_url = self
            .config
            .api
            .join("oauth2/token")
            .map_err(ProviderError::unavailable)?;
        let client = (id.as_str(), secret);
        super::access_token(
            &self.client,
            client,
            token_url,
            request,
            code.expose_secret(),
        )
        .await
    }

    async fn verify(&self, token: &str) -> Result<UserClaims, ProviderError> {
        let header = jwt::header(token).map_err(ProviderError::invalid)?;
        let (algorithm, key) = match (header.alg.as_str(), &self.config.secret) {
            ("HS256", Some(secret)) => (
                Algorithm::HS256,
                DecodingKey::from_secret(secret.expose_secret().as_bytes()),
            ),
            ("RS256", _) => (Algorithm::RS256, self.key(header.kid.as_deref()).await?),
            _ => {
                return Err(ProviderError::invalid(anyhow!(
                    "the project does not sign like that"
                )));
            }
        };
        let expected = jwt::Expected {
            algorithm,
            issuer: ISSUER,
            longest_lifetime: LONGEST_LIFETIME,
        };
        let claims: UserClaims =
            jwt::verify(token, &key, expected, self.clock.now()).map_err(ProviderError::invalid)?;
        if claims.xsolla_login_project_id != self.config.project_id {
            return Err(ProviderError::invalid(anyhow!(
                "the token is another project's"
            )));
        }
        if claims.sub.is_empty() {
            return Err(ProviderError::invalid(anyhow!("the token names nobody")));
        }
        Ok(claims)
    }

    /// The project's key with this id.
    async fn key(&self, id: Option<&str>) -> Result<DecodingKey, ProviderError> {
        let mut keys = self.keys.lock().await;
        let now = self.clock.now();
        let within = |at: Option<Timestamp>, time| at.is_some_and(|at| now.since(at) < time);
        if !within(keys.fetched_at, KEYS_KEPT) {
            keys.list.clear();
        }
        if keys.find(id).is_none() && !within(keys.fetched_at, KEYS_EVERY) {
            if within(keys.failed_at, PAUSE) {
                return Err(ProviderError::unavailable(anyhow!(
                    "the key list did not come a moment ago"
                )));
            }
            match self.fetch_keys().await {
                Ok(list) => {
                    *keys = Keys {
                        list,
                        fetched_at: Some(now),
                        failed_at: None,
                    };
                }
                Err(error) => {
                    keys.failed_at = Some(self.clock.now());
                    return Err(ProviderError::Unavailable(error));
                }
            }
        }
        let key = keys
            .find(id)
            .ok_or_else(|| ProviderError::invalid(anyhow!("the project lists no such key")))?;
        key.decoding().map_err(ProviderError::Unavailable)
    }

    async fn fetch_keys(&self) -> anyhow::Result<Vec<ProjectKey>> {
        let url = self
            .config
            .api
            .join(&format!("projects/{}/keys", self.config.project_id))?;
        let keys = self.client.get_json(&url, None).await;
        keys.context("the key list cannot be used")
    }
}

impl Keys {
    fn find(&self, id: Option<&str>) -> Option<&ProjectKey> {
        self.list.iter().find(|key| Some(key.kid.as_str()) == id)
    }
}

impl ProjectKey {
    fn decoding(&self) -> anyhow::Result<DecodingKey> {
        let number = |hexadecimal: &str| {
            let width = hexadecimal.len().next_multiple_of(2);
            let bytes = hex::decode(format!("{hexadecimal:0>width$}"))?;
            anyhow::Ok(URL_SAFE_NO_PAD.encode(bytes))
        };
        Ok(DecodingKey::from_rsa_components(
            &number(&self.n)?,
            &number(&self.e)?,
        )?)
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

    async fn authorization_url(&self, request: &Authorization) -> Result<Url, ProviderError> {
        let mut url = self.config.page.clone();
        let mut query = url.query_pairs_mut();
        query.append_pair("projectId", &self.config.project_id);
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

    /// Xsolla's answers name no issuer; its tokens do.
    async fn check_issuer(&self, issuer: Option<&str>) -> Result<(), ProviderError> {
        match issuer {
            None => Ok(()),
            Some(_) => Err(ProviderError::invalid(anyhow!(
                "the answer is another issuer's"
            ))),
        }
    }

    fn state_in(&self, token: &str) -> Option<String> {
        let part = token.split('.').nth(1)?;
        let claims: UserClaims =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        claims.payload
    }

    async fn identify(
        &self,
        request: &Authorization,
        answer: &Answer,
    ) -> Result<ExternalIdentity, ProviderError> {
        let token = self.user_token(request, &answer.proof).await?;
        let claims = self.verify(token.expose_secret()).await?;
        if matches!(answer.proof, Proof::Token(_))
            && claims.payload.as_deref() != Some(request.state.as_str())
        {
            return Err(ProviderError::invalid(anyhow!(
                "the token belongs to another sign-in"
            )));
        }
        Ok(ExternalIdentity {
            provider: self.name().to_owned(),
            // Subjects are unique within a project.
            issuer: format!("{ISSUER}/{}", self.config.project_id),
            subject: claims.sub,
            email: claims
                .email
                .filter(|email| !email.is_empty())
                .map(|address| ProviderEmail {
                    address,
                    verified: false,
                }),
            display_name: claims.name.or(claims.username),
            photo_url: claims.picture,
        })
    }
}

#[cfg(test)]
mod tests;
