//! Validation of ID tokens and of the userinfo endpoint's responses.
//!
//! Signature, issuer, audience and times are checked by [`jwt::verify`]; here, what is special to OpenID Connect
//! Core, section 3.1.3.7: the authorized party, the nonce, the token's age, the form of the subject, and the
//! access token's hash.

use std::time::Duration;

use anyhow::{anyhow, ensure};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{OidcConfig, discovery::Metadata, keys::Unverified};
use crate::{
    accounts::{ExternalIdentity, ProviderEmail},
    clock::Timestamp,
    json::Object,
    jwt,
    oauth::{Cause, ProviderError},
};

/// How far an issuer's clock may differ from ours.
const SKEW: Duration = Duration::from_secs(120);

/// Maximum age of a token; it was issued only for this sign-in.
const MAX_AGE: Duration = Duration::from_secs(10 * 60);

/// OpenID Connect Core, section 2: at most 255 ASCII characters.
const MAX_SUBJECT: usize = 255;

/// What a token is checked against.
pub(super) struct Check<'a> {
    pub config: &'a OidcConfig,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// A response of the userinfo endpoint.
pub(super) struct UserInfo {
    pub claims: Object,
    /// Whether the issuer has signed it; otherwise it is plain JSON.
    pub is_signed: bool,
}

/// Why a token is rejected.
#[derive(Debug, thiserror::Error)]
pub(super) enum Invalid {
    #[error(transparent)]
    Signature(#[from] Unverified),
    #[error("{0:#}")]
    Claims(anyhow::Error),
}

impl From<Invalid> for ProviderError {
    fn from(error: Invalid) -> Self {
        let cause = match error {
            Invalid::Signature(Unverified::Algorithm(_)) => Cause::Misconfigured,
            _ => Cause::Rejected,
        };
        Self::new(cause, error)
    }
}

impl Check<'_> {
    /// Validates an ID token and returns its claims.
    pub(super) fn id_token(
        &self,
        metadata: &Metadata,
        token: &str,
        access_token: &SecretString,
    ) -> Result<Object, Invalid> {
        let header = jwt::header(token).map_err(Unverified::from)?;
        let signers = metadata.keys.candidates(&header)?;
        let expected = jwt::Expected {
            algorithm: signers.algorithm,
            issuer: &metadata.issuer,
            audience: Some(&self.config.client_id),
            max_lifetime: None,
            skew: SKEW,
        };
        let verified = jwt::verify(token, signers.keys, expected, self.now);
        let verified = verified.map_err(Unverified::from)?;
        self.strict(&verified, signers.algorithm, access_token)
            .map_err(Invalid::Claims)?;
        Ok(verified.claims)
    }

    fn strict(
        &self,
        verified: &jwt::Verified,
        algorithm: Algorithm,
        access_token: &SecretString,
    ) -> anyhow::Result<()> {
        let claims = &verified.claims;
        let subject = claims.text("sub").unwrap_or_default();
        let well_formed = (1..=MAX_SUBJECT).contains(&subject.len()) && subject.is_ascii();
        ensure!(well_formed, "sub is not 1 to 255 ASCII characters");
        ensure!(
            claims.text("nonce").as_deref() == Some(self.nonce),
            "nonce is not that of this sign-in"
        );
        ensure!(
            verified.issued_at + MAX_AGE + SKEW > self.now,
            "the token is too old"
        );
        let ours = Some(&self.config.client_id);
        let is_shared = claims.texts("aud")?.len() > 1;
        ensure!(
            claims.text("azp").as_ref() == ours || !(is_shared || claims.has("azp")),
            "azp does not name us, so the token was issued to another client"
        );
        if claims.has("at_hash") {
            ensure!(
                claims.text("at_hash") == Some(hash(algorithm, access_token)),
                "at_hash is that of another access token"
            );
        }
        Ok(())
    }

    /// Checks that a userinfo response is about the subject, and if it is signed, that it is from this issuer and for
    /// us (OpenID Connect Core, section 5.3.2). In plain JSON, `iss` and `aud` are claims that are not used.
    pub(super) fn user_info(
        &self,
        metadata: &Metadata,
        UserInfo { claims, is_signed }: &UserInfo,
        subject: &str,
    ) -> Result<(), ProviderError> {
        let wrong = |detail| Err(ProviderError::invalid(anyhow!("userinfo {detail}")));
        if claims.text("sub").as_deref() != Some(subject) {
            return wrong("describes another subject");
        }
        if !is_signed {
            return Ok(());
        }
        if claims.has("iss") && claims.text("iss").as_ref() != Some(&metadata.issuer) {
            return wrong("is from another issuer");
        }
        let audience = claims.texts("aud").map_err(ProviderError::invalid)?;
        if !audience.is_empty() && !audience.contains(&self.config.client_id) {
            return wrong("is for another client");
        }
        Ok(())
    }
}

/// The user that the claims of an ID token and, if it was asked, of the userinfo endpoint describe. Each claim
/// comes from the ID token if it has it.
pub(super) fn identity(
    config: &OidcConfig,
    issuer: &str,
    token: &Object,
    userinfo: &Object,
) -> ExternalIdentity {
    let text = |name: &str| token.text(name).or_else(|| userinfo.text(name));
    ExternalIdentity {
        provider: config.name.to_owned(),
        issuer: issuer.to_owned(),
        subject: text("sub").unwrap_or_default(),
        email: email(config, token, userinfo),
        display_name: text("name"),
        photo_url: text("picture"),
    }
}

/// The address that is verified, if there is one. The two places may differ, and a place that has no address
/// speaks of the other's.
fn email(config: &OidcConfig, token: &Object, userinfo: &Object) -> Option<ProviderEmail> {
    let of = |one: &Object, other: &Object| {
        let address = one.text("email")?;
        let same = |other: &Object| {
            other
                .text("email")
                .is_none_or(|it| it.eq_ignore_ascii_case(&address))
        };
        let denied = one.boolean("email_verified") == Some(false);
        let other_says = same(other) && other.boolean("email_verified") == Some(true);
        let verified = is_verified(config, one) || (other_says && !denied);
        Some(ProviderEmail { address, verified })
    };
    let emails = [of(token, userinfo), of(userinfo, token)];
    let verified = emails.iter().flatten().find(|email| email.verified);
    verified.or_else(|| emails.iter().flatten().next()).cloned()
}

/// Whether the address in these claims is verified: the issuer says so, or does not deny it and is trusted.
fn is_verified(config: &OidcConfig, claims: &Object) -> bool {
    let said = claims.boolean("email_verified");
    said.unwrap_or(config.trusts_addresses)
}

/// The left half of the access token's hash (OpenID Connect Core, section 3.1.3.6). EdDSA hashes with SHA-512 by
/// itself.
fn hash(algorithm: Algorithm, access_token: &SecretString) -> String {
    let token = access_token.expose_secret();
    let digest = match algorithm {
        Algorithm::RS256 | Algorithm::PS256 | Algorithm::ES256 => Sha256::digest(token).to_vec(),
        Algorithm::RS384 | Algorithm::PS384 | Algorithm::ES384 => Sha384::digest(token).to_vec(),
        _ => Sha512::digest(token).to_vec(),
    };
    URL_SAFE_NO_PAD.encode(&digest[..digest.len() / 2])
}
