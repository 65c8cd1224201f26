//! The tokens of Zendesk's two chats. Both are signed with HS256 and have times in seconds.
//!
//! - Chat: "Enabling authenticated visitors in the chat widget", support.zendesk.com 4408838925082. `exp` is at most
//!   seven minutes after `iat`.
//! - Messaging: "Authenticating end users for messaging", 4411666638746. The header names the key.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::{config::MessagingConfig, end_user::EndUser, rejection::Rejection};
use crate::{clock::Timestamp, signing::Hs256, vendors::access::Denied};

/// The SDKs use a token at once and ask for a new one each time.
const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Signs the tokens of Chat.
#[derive(Debug)]
pub(super) struct ChatTokens(Hs256);

/// Signs the tokens of Messaging.
#[derive(Debug)]
pub(super) struct MessagingTokens(Hs256);

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct ChatClaims {
    name: String,
    email: String,
    external_id: String,
    iat: i64,
    exp: i64,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
struct MessagingClaims {
    scope: String,
    external_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// Unless this is true, Zendesk does not identify the user by the address.
    email_verified: bool,
    exp: i64,
}

impl ChatTokens {
    /// # Errors
    /// If the secret is empty.
    pub(super) fn new(secret: &SecretString) -> anyhow::Result<Self> {
        Ok(Self(Hs256::new(secret, None)?))
    }

    /// Creates a token that authenticates a visitor.
    ///
    /// # Errors
    /// [`Rejection`]; [`Rejection::NoEmail`] if the user has no address, which Chat requires.
    pub(super) fn token(&self, user: &EndUser, now: Timestamp) -> Result<String, Rejection> {
        let email = user.email.clone().ok_or(Rejection::NoEmail)?;
        let claims = ChatClaims {
            name: user.name.clone().unwrap_or_else(|| email.clone()),
            email,
            external_id: user.external_id.clone(),
            iat: now.seconds(),
            exp: expiry(user, now)?,
        };
        sign(&self.0, &claims)
    }

    /// Signs a token and reads it again.
    ///
    /// # Errors
    /// If it does not come back as it went.
    pub(super) fn self_test(&self, now: Timestamp) -> anyhow::Result<()> {
        let claims = ChatClaims {
            name: "Self-test".to_owned(),
            email: "self-test@example.com".to_owned(),
            external_id: "self-test".to_owned(),
            iat: now.seconds(),
            exp: now.seconds(),
        };
        try_out(&self.0, &claims)
    }
}

impl MessagingTokens {
    /// # Errors
    /// If the secret is empty.
    pub(super) fn new(config: &MessagingConfig) -> anyhow::Result<Self> {
        Ok(Self(Hs256::new(&config.secret, Some(&config.key_id))?))
    }

    /// Creates a token that signs an end user in.
    ///
    /// # Errors
    /// [`Rejection`].
    pub(super) fn token(&self, user: &EndUser, now: Timestamp) -> Result<String, Rejection> {
        let claims = MessagingClaims {
            scope: "user".to_owned(),
            external_id: user.external_id.clone(),
            name: user.name.clone().or_else(|| user.email.clone()),
            email: user.email.clone(),
            email_verified: user.email_verified,
            exp: expiry(user, now)?,
        };
        sign(&self.0, &claims)
    }

    /// Signs a token and reads it again.
    ///
    /// # Errors
    /// If it does not come back as it went.
    pub(super) fn self_test(&self, now: Timestamp) -> anyhow::Result<()> {
        let claims = MessagingClaims {
            scope: "user".to_owned(),
            external_id: "self-test".to_owned(),
            name: None,
            email: None,
            email_verified: false,
            exp: now.seconds(),
        };
        try_out(&self.0, &claims)
    }
}

/// The claim `exp`, never later than the upstream token's, which is rejected if it expires within a second.
fn expiry(user: &EndUser, now: Timestamp) -> Result<i64, Rejection> {
    let exp = now + LIFETIME;
    let exp = user.until.map_or(exp, |until| exp.min(until)).seconds();
    match exp > now.seconds() {
        true => Ok(exp),
        false => Err(Rejection::Invalid),
    }
}

fn sign(signer: &Hs256, claims: &impl Serialize) -> Result<String, Rejection> {
    let token = signer.sign(claims);
    Ok(token.map_err(Denied::failed)?)
}

fn try_out<C>(signer: &Hs256, claims: &C) -> anyhow::Result<()>
where
    C: Clone + DeserializeOwned + PartialEq + Serialize,
{
    let read: C = signer.read(&signer.sign(claims)?)?;
    anyhow::ensure!(
        read == *claims,
        "the self-test token was read back differently"
    );
    Ok(())
}
