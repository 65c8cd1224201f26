//! Validation of ID tokens.
//!
//! The library checks signature, issuer, audience, expiry and nonce. Checked here is what it leaves to the
//! caller: other audiences, the authorized party, the token's age, the form of the subject, and the access
//! token's hash.

use std::time::Duration;

use anyhow::{Context, anyhow};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use openidconnect::{
    AccessToken, AccessTokenHash, ClaimsVerificationError, ClientId, IdTokenVerifier, Nonce,
    OAuth2TokenResponse, SignatureVerificationError, TokenResponse,
    core::{CoreIdToken, CoreJsonWebKey, CoreJwsSigningAlgorithm, CoreTokenResponse},
};
use serde_json::{Map, Value};

use super::{OidcConfig, discovery::Metadata};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::Timestamp,
    oauth::ProviderError,
};

/// How far an issuer's clock may differ from ours.
const SKEW: Duration = Duration::from_secs(120);

/// Maximum age of a token; it was issued only for this sign-in.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// OpenID Connect Core, section 2: at most 255 ASCII characters.
const MAX_SUBJECT: usize = 255;

/// Signature algorithms with asymmetric keys only. HMAC would accept tokens signed with our client secret, or
/// with a public key that is taken for a secret.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 6] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why a token is rejected.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unverified {
    /// The key may be newer than the keys that were fetched last.
    #[error("the token is signed with a key that the issuer does not list")]
    UnknownKey,
    #[error("{0:#}")]
    Wrong(anyhow::Error),
}

/// What a token is checked against.
pub(super) struct Check<'a> {
    pub config: &'a OidcConfig,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// What an issuer says about a user besides issuer and subject.
pub(super) struct UserInfo {
    pub email: Option<ProviderEmail>,
    pub display_name: Option<String>,
    pub photo_url: Option<String>,
}

impl Check<'_> {
    /// Validates the ID token of a token response and returns its identity.
    pub(super) fn id_token(
        &self,
        metadata: &Metadata,
        tokens: &CoreTokenResponse,
    ) -> Result<ExternalIdentity, Unverified> {
        let token = tokens
            .id_token()
            .ok_or_else(|| Unverified::Wrong(anyhow!("the response has no ID token")))?;
        let verifier = self.verifier(metadata)?;
        let claims = token
            .claims(&verifier, &Nonce::new(self.nonce.to_owned()))
            .map_err(unverified)?;
        if let Some(expected) = claims.access_token_hash() {
            let matches = access_token_hash(token, &verifier, tokens.access_token())
                .is_some_and(|hash| hash == *expected);
            if !matches {
                return Err(Unverified::Wrong(anyhow!(
                    "the token belongs to another access token"
                )));
            }
        }
        let claims = payload(token)
            .and_then(|claims| self.strict(claims))
            .map_err(Unverified::Wrong)?;
        let user = user_info_of(&claims, self.config.string_booleans);
        Ok(ExternalIdentity {
            provider: self.config.name.to_owned(),
            issuer: metadata.issuer().to_string(),
            subject: claims["sub"].as_str().unwrap_or_default().to_owned(),
            email: user.email,
            display_name: user.display_name,
            photo_url: user.photo_url,
        })
    }

    fn verifier(
        &self,
        metadata: &Metadata,
    ) -> Result<IdTokenVerifier<'static, CoreJsonWebKey>, Unverified> {
        let now = chrono::DateTime::from_timestamp_millis(self.now.0)
            .ok_or_else(|| Unverified::Wrong(anyhow!("the clock is out of range")))?;
        Ok(IdTokenVerifier::new_public_client(
            ClientId::new(self.config.client_id.clone()),
            metadata.issuer().clone(),
            metadata.jwks().clone(),
        )
        .set_allowed_algs(ALGORITHMS)
        .set_other_audience_verifier_fn(|_| false)
        .set_time_fn(move || now))
    }

    /// Reads the response of the userinfo endpoint, which must have the same subject (OpenID Connect Core,
    /// section 5.3.2).
    pub(super) fn user_info(
        &self,
        claims: &Map<String, Value>,
        subject: &str,
    ) -> Result<UserInfo, ProviderError> {
        if claims.get("sub").and_then(Value::as_str) != Some(subject) {
            return Err(ProviderError::invalid(anyhow!(
                "the issuer describes another subject"
            )));
        }
        Ok(user_info_of(claims, self.config.string_booleans))
    }

    /// Checks what the library does not.
    fn strict(&self, claims: Map<String, Value>) -> anyhow::Result<Map<String, Value>> {
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let well_formed = (1..=MAX_SUBJECT).contains(&subject.len()) && subject.is_ascii();
        anyhow::ensure!(well_formed, "the subject is not 1 to 255 ASCII characters");
        let issued = claims
            .get("iat")
            .and_then(Value::as_f64)
            .context("the token has no valid iat")?;
        let issued = Timestamp((issued * 1000.0) as i64);
        anyhow::ensure!(
            issued <= self.now + SKEW,
            "the token was issued in the future"
        );
        anyhow::ensure!(issued + MAX_AGE + SKEW > self.now, "the token is too old");
        let begins = claims.get("nbf").map_or(Some(0.0), Value::as_f64);
        let begins = begins.context("the token has an invalid nbf")?;
        anyhow::ensure!(
            Timestamp((begins * 1000.0) as i64) <= self.now + SKEW,
            "the token is not valid yet"
        );
        if let Some(party) = claims.get("azp") {
            anyhow::ensure!(
                party == self.config.client_id.as_str(),
                "the token was issued to another client"
            );
        }
        Ok(claims)
    }
}

fn user_info_of(claims: &Map<String, Value>, string_booleans: bool) -> UserInfo {
    let text = |name: &str| {
        claims
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .filter(|text| !text.is_empty())
    };
    let verified = match claims.get("email_verified") {
        Some(Value::Bool(verified)) => *verified,
        Some(Value::String(verified)) => string_booleans && verified == "true",
        _ => false,
    };
    UserInfo {
        email: text("email").map(|address| ProviderEmail { address, verified }),
        display_name: text("name"),
        photo_url: text("picture"),
    }
}

fn unverified(error: ClaimsVerificationError) -> Unverified {
    match error {
        ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        ) => Unverified::UnknownKey,
        error => Unverified::Wrong(error.into()),
    }
}

fn access_token_hash(
    token: &CoreIdToken,
    verifier: &IdTokenVerifier<'_, CoreJsonWebKey>,
    access_token: &AccessToken,
) -> Option<AccessTokenHash> {
    let algorithm = token.signing_alg().ok()?;
    let key = token.signing_key(verifier).ok()?;
    AccessTokenHash::from_token(access_token, algorithm, key).ok()
}

/// The claims as the issuer wrote them, with their JSON types.
fn payload(token: &CoreIdToken) -> anyhow::Result<Map<String, Value>> {
    let text = token.to_string();
    let part = text.split('.').nth(1).context("the token has no payload")?;
    let claims = URL_SAFE_NO_PAD
        .decode(part)
        .context("the payload is not base64url")?;
    serde_json::from_slice(&claims).context("the payload is not an object")
}
