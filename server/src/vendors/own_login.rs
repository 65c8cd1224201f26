//! The site's own upstream login, which keeps its JWT in the cookie `token`.
//!
//! The token is signed with HS256. It must have the claims `iss`, `iat` and `exp` (times in seconds, with or
//! without a fraction, at most a day apart), and identifies no user without `sub`. `email`, `email_verified` and
//! `name` are optional. The claims about the user are those of OpenID Connect Core 1.0, section 5.1. A token with
//! an audience (`aud`, one or a list) is accepted only if that is configured and among them.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use jsonwebtoken::{Algorithm, DecodingKey};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{
    VendorContext,
    upstream::{UpstreamError, UpstreamLogin, UpstreamUser, email_verified},
};
use crate::{
    clock::Clock,
    config::{HttpConfig, Source},
    jwt,
    signing::{Hs256, hmac_secret},
};

const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// How much the login's clock may differ from ours.
const SKEW: Duration = Duration::from_secs(30);

/// The settings of the site's own login. On when `LATCHKEY_TOKEN_SECRET` and `LATCHKEY_TOKEN_ISSUER` are set.
#[derive(Clone, Debug)]
pub struct OwnLoginConfig {
    /// `LATCHKEY_TOKEN_SECRET` (or `LATCHKEY_TOKEN_SECRET_FILE`): the HS256 secret of the tokens.
    secret: SecretString,
    /// `LATCHKEY_TOKEN_ISSUER`: the exact claim `iss` of the tokens.
    issuer: String,
    /// `LATCHKEY_TOKEN_AUDIENCE`: what the claim `aud` must be or contain; without it, tokens have no audience.
    audience: Option<String>,
}

impl OwnLoginConfig {
    pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Self> {
        const SECRET: &str = "LATCHKEY_TOKEN_SECRET";
        const ISSUER: &str = "LATCHKEY_TOKEN_ISSUER";
        let secret = hmac_secret(source, SECRET, http);
        let (secret, issuer) = source.pair((SECRET, secret), (ISSUER, source.text(ISSUER)))?;
        Some(Self {
            secret,
            issuer,
            audience: source.text("LATCHKEY_TOKEN_AUDIENCE"),
        })
    }
}

/// The site's own login, configured.
pub(super) struct OwnLogin {
    key: DecodingKey,
    issuer: String,
    audience: Option<String>,
    clock: Clock,
}

impl OwnLogin {
    /// Sets the login up, and tests it with a token that is signed with its secret.
    ///
    /// # Errors
    /// If the secret is empty or the token cannot be verified.
    pub(super) fn start(
        config: &OwnLoginConfig,
        context: &VendorContext<'_>,
    ) -> anyhow::Result<Arc<dyn UpstreamLogin>> {
        let login = Self {
            key: DecodingKey::from_secret(config.secret.expose_secret().as_bytes())?,
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            clock: context.clock.clone(),
        };
        let now = login.clock.now().seconds();
        let claims = json!({
            "iss": login.issuer, "aud": login.audience, "sub": "self-test", "iat": now, "exp": now + 1,
        });
        let user = login.read(&Hs256::new(&config.secret, None)?.sign(&claims)?)?;
        anyhow::ensure!(
            user.subject.as_deref() == Some("self-test"),
            "the self-test token was read back differently"
        );
        Ok(Arc::new(login))
    }

    fn read(&self, token: &str) -> Result<UpstreamUser, UpstreamError> {
        let expected = jwt::Expected {
            algorithm: Algorithm::HS256,
            issuer: &self.issuer,
            audience: self.audience.as_deref(),
            max_lifetime: Some(MAX_LIFETIME),
            skew: SKEW,
        };
        let verified = jwt::verify(token, [&self.key], expected, self.clock.now())
            .map_err(UpstreamError::invalid)?;
        let claims = &verified.claims;
        Ok(UpstreamUser {
            issuer: self.issuer.clone(),
            subject: claims.text("sub"),
            email: claims.text("email"),
            email_verified: email_verified(claims),
            name: claims.text("name"),
            expires_at: verified.expires_at,
        })
    }
}

#[async_trait]
impl UpstreamLogin for OwnLogin {
    fn label(&self) -> &str {
        &self.issuer
    }

    fn issuer(&self) -> &str {
        &self.issuer
    }

    async fn verify(&self, token: &str) -> Result<UpstreamUser, UpstreamError> {
        self.read(token)
    }
}

impl fmt::Debug for OwnLogin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnLogin")
    }
}
