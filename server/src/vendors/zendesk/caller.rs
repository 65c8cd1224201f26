//! Who is asking for a token. The user is determined from the session here, the token of an upstream login, or
//! both, if they belong to the same user.

use axum::http::HeaderMap;

use super::refusal::Refusal;
use crate::{
    accounts::{Email, IdentityOwner, Profile, User},
    clock::Timestamp,
    http::cookies,
    limits::MemoryLimiter,
    vendors::{
        UpstreamError, UpstreamUser, VendorIdentity, VendorServices, access::Denied, links::Link,
        upstream,
    },
};

/// The maximum length of an external ID in characters, as Messaging limits it.
const MAX_EXTERNAL_ID: usize = 255;

/// A user as Zendesk may know them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct EndUser {
    /// The ID by which Zendesk recognizes the user: the token's `sub`, or the account's ID. Never an address.
    pub(super) external_id: String,
    /// ASCII only, as Zendesk requires.
    pub(super) email: Option<String>,
    /// Whether the address is verified.
    pub(super) email_verified: bool,
    pub(super) name: Option<String>,
    /// When the upstream token expires, if there is one. Tokens derived from it may not be valid longer.
    pub(super) until: Option<Timestamp>,
    /// The issuer of the upstream login that issued `external_id`, if there is one.
    pub(super) issuer: Option<String>,
    /// The ID of the user's account here, if there is a session.
    pub(super) user_id: Option<String>,
}

impl EndUser {
    /// Determines the user of a request, and counts one credential against the user's rate limit.
    ///
    /// # Errors
    /// [`Refusal`]. An invalid token is rejected even if there is a session, as the user is then ambiguous.
    pub(super) async fn from_request(
        headers: &HeaderMap,
        services: &VendorServices,
        limiter: &MemoryLimiter,
    ) -> Result<Self, Refusal> {
        // First the token: verifying it may wait for the keys of another server, and the session may end then.
        let upstream = upstream_user(headers, services).await?;
        let session = services.user(headers).await?;
        let user = match (session, upstream) {
            (None, None) => return Err(Denied::SignedOut.into()),
            (Some(current), None) => Self::from_session(current)?,
            (None, Some(user)) => {
                let user = Self::from_token(user)?;
                if user
                    .owner(services)
                    .await?
                    .is_some_and(|owner| owner.disabled)
                {
                    return Err(Refusal::Disabled);
                }
                user
            }
            (Some(current), Some(user)) => {
                let user = Self::from_token(user)?;
                let owner = user.owner(services).await?;
                if owner.is_none_or(|owner| owner.user_id != current.id) {
                    return Err(Refusal::AnotherUser);
                }
                Self {
                    external_id: user.external_id,
                    until: user.until,
                    issuer: user.issuer,
                    ..Self::from_session(current)?
                }
            }
        };
        let key = match (&user.user_id, &user.issuer) {
            (Some(id), _) => id.clone(),
            (None, issuer) => format!(
                "{} {}",
                issuer.as_deref().unwrap_or_default(),
                user.external_id
            ),
        };
        limiter.count(&key).map_err(Denied::RateLimited)?;
        Ok(user)
    }

    /// The link to store for this user.
    pub(super) fn link(&self) -> Link<'_> {
        Link {
            external_id: &self.external_id,
            issuer: self.issuer.as_deref(),
            user_id: self.user_id.as_deref(),
        }
    }

    fn from_session(user: User) -> Result<Self, Refusal> {
        let user = VendorIdentity::try_from(user).map_err(|_| Denied::EmailUnverified)?;
        Ok(Self {
            user_id: Some(user.external_id.clone()),
            external_id: user.external_id,
            email: Some(user.email),
            email_verified: true,
            name: Some(user.display_name),
            until: None,
            issuer: None,
        })
    }

    fn from_token(user: UpstreamUser) -> Result<Self, Refusal> {
        let is_id = |subject: &String| {
            subject.chars().count() <= MAX_EXTERNAL_ID && !subject.chars().any(char::is_control)
        };
        let external_id = user.subject.filter(is_id).ok_or(Refusal::NoSubject)?;
        if user.email_verified == Some(false) {
            return Err(Denied::EmailUnverified.into());
        }
        let email = user.email.and_then(|email| Email::parse(&email).ok());
        let name = user.name.and_then(|name| Profile::parse(&name, "").ok());
        Ok(Self {
            external_id,
            email: email.map(|email| email.as_str().to_owned()),
            email_verified: user.email_verified == Some(true),
            name: name.map(|profile| profile.display_name),
            until: Some(user.expires_at),
            issuer: Some(user.issuer),
            user_id: None,
        })
    }

    /// The account here to which the identity at the upstream login is linked.
    async fn owner(&self, services: &VendorServices) -> Result<Option<IdentityOwner>, Refusal> {
        let issuer = self.issuer.as_deref().unwrap_or_default();
        let owner = services
            .accounts()
            .owner_of(issuer, &self.external_id)
            .await;
        Ok(owner.map_err(|error| {
            tracing::error!(%error, "an identity cannot be read");
            Denied::Unavailable
        })?)
    }
}

/// Verifies the token in the cookie. `None` if no upstream login is configured or the cookie is not set.
async fn upstream_user(
    headers: &HeaderMap,
    services: &VendorServices,
) -> Result<Option<UpstreamUser>, Refusal> {
    let logins = services.upstream_logins();
    if logins.is_empty() {
        return Ok(None);
    }
    let Some(token) = token(headers)? else {
        return Ok(None);
    };
    let user = logins.verify(token).await;
    user.map(Some).map_err(|error| {
        tracing::info!(%error, "rejected the token of an upstream login");
        match error {
            UpstreamError::Invalid(_) => Refusal::Invalid,
            UpstreamError::Unavailable(_) => Denied::Unavailable.into(),
        }
    })
}

/// The value of the token's cookie. Two cookies are rejected, since any sibling host can add one.
fn token(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let mut tokens = cookies(headers)
        .filter(|(name, value)| *name == upstream::COOKIE && !value.is_empty())
        .map(|(_, value)| value);
    match (tokens.next(), tokens.next()) {
        (token, None) => Ok(token),
        (_, Some(_)) => Err(Refusal::Invalid),
    }
}
