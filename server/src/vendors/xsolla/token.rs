//! The user JWT: <https://developers.xsolla.com/login-api/jwt-structure>.
//!
//! A project signs with its secret (HS256) or with one of its keys (RS256). The algorithm depends on the kind
//! of key, never on the token alone: the secret only verifies HS256, and a key of the list only RS256. While
//! the secret is set, both are accepted, so that a project can be switched while users are signed in.

use std::time::Duration;

use anyhow::anyhow;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{XsollaConfig, keys::ProjectKeys};
use crate::{
    clock::{Clock, Timestamp},
    jwt,
    vendors::upstream::{UpstreamError, email_verified},
};

/// The claim `iss` of every project's tokens.
pub(crate) const ISSUER: &str = "https://login.xsolla.com";

const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How much the project's clock may differ from ours.
const SKEW: Duration = Duration::from_secs(30);

/// The claim `type` of tokens that can be revoked one by one, so each must have a `jti`.
const OAUTH: &str = "oauth";

/// The content of a valid user JWT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserToken {
    /// The user's ID in the project. If `None` (missing, empty or not a string), the token identifies no
    /// user.
    pub(crate) subject: Option<String>,
    pub(crate) email: Option<String>,
    /// Xsolla's tokens do not have this claim; if one had it, it would be used.
    pub(crate) email_verified: Option<bool>,
    pub(crate) username: Option<String>,
    /// Present for users who signed in through a social network.
    pub(crate) name: Option<String>,
    pub(crate) picture: Option<String>,
    /// The `payload` with which the sign-in was started.
    pub(crate) payload: Option<String>,
    /// When the token expires.
    pub(crate) expires_at: Timestamp,
}

/// Verifies the user JWTs of one project.
pub(crate) struct Verifier {
    project_id: String,
    /// The claim `iss` and the project's ID, since subjects are only unique within a project.
    issuer: String,
    secret: Option<(EncodingKey, DecodingKey)>,
    keys: ProjectKeys,
    clock: Clock,
}

impl Verifier {
    /// A verifier with these settings. Keys are only fetched for the first token that needs them.
    ///
    /// # Errors
    /// If the secret is empty or no HTTP client can be created.
    pub(crate) fn new(config: &XsollaConfig, clock: Clock) -> anyhow::Result<Self> {
        let keys = |secret: &SecretString| {
            let secret = secret.expose_secret().as_bytes();
            anyhow::Ok((
                EncodingKey::from_secret(secret)?,
                DecodingKey::from_secret(secret)?,
            ))
        };
        Ok(Self {
            project_id: config.project_id.clone(),
            issuer: format!("{ISSUER}/{}", config.project_id),
            secret: config.secret.as_ref().map(keys).transpose()?,
            keys: ProjectKeys::new(config, clock.clone())?,
            clock,
        })
    }

    /// The issuer under which subjects of this project are stored.
    pub(crate) fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// [`UpstreamError`].
    pub(crate) async fn verify(&self, token: &str) -> Result<UserToken, UpstreamError> {
        let header = jwt::header(token).map_err(UpstreamError::invalid)?;
        match (header.alg.as_str(), &self.secret) {
            ("HS256", Some((_, key))) => self.read(token, key, Algorithm::HS256),
            ("RS256", _) => {
                let id = header
                    .kid
                    .ok_or_else(|| UpstreamError::invalid(anyhow!("it has no key ID")))?;
                let key = self.keys.key(&id).await?;
                self.read(token, &key, Algorithm::RS256)
            }
            _ => Err(UpstreamError::invalid(anyhow!(
                "its algorithm is not accepted"
            ))),
        }
    }

    /// Signs a token with the secret, as the project does, and verifies it. Does nothing without a secret,
    /// since the private keys for RS256 are only at Xsolla.
    ///
    /// # Errors
    /// If the token cannot be verified.
    pub(super) fn self_test(&self) -> anyhow::Result<()> {
        let Some((encoding, decoding)) = &self.secret else {
            return Ok(());
        };
        let now = self.clock.now().seconds();
        let claims = json!({
            "iss": ISSUER, "xsolla_login_project_id": self.project_id,
            "sub": "self-test", "iat": now, "exp": now + 1,
        });
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, encoding)?;
        let user = self.read(&token, decoding, Algorithm::HS256)?;
        anyhow::ensure!(
            user.subject.as_deref() == Some("self-test"),
            "the self-test token was read back differently"
        );
        Ok(())
    }

    fn read(
        &self,
        token: &str,
        key: &DecodingKey,
        algorithm: Algorithm,
    ) -> Result<UserToken, UpstreamError> {
        let expected = jwt::Expected {
            algorithm,
            issuer: ISSUER,
            audience: None,
            max_lifetime: Some(MAX_LIFETIME),
            skew: SKEW,
        };
        let verified = jwt::verify(token, [key], expected, self.clock.now())
            .map_err(UpstreamError::invalid)?;
        let claims = &verified.claims;
        if claims.text("xsolla_login_project_id").as_ref() != Some(&self.project_id) {
            return Err(UpstreamError::invalid(anyhow!("it is for another project")));
        }
        let needs_id = claims.text("type").as_deref() == Some(OAUTH) || claims.has("jti");
        if needs_id && claims.text("jti").is_none() {
            return Err(UpstreamError::invalid(anyhow!("it has no id")));
        }
        Ok(UserToken {
            subject: claims.text("sub"),
            email: claims.text("email"),
            email_verified: email_verified(claims),
            username: claims.text("username"),
            name: claims.text("name"),
            picture: claims.text("picture"),
            payload: claims.text("payload"),
            expires_at: verified.expires_at,
        })
    }
}
