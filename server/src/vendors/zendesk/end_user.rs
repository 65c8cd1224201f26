//! Who is asking for a token. The user is determined from the session here, the token of an upstream login, or
//! both, if they belong to the same user.

use axum::http::HeaderMap;

use super::rejection::Rejection;
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
    /// A token that is invalid or has expired identifies no one, so it does not shut out a user with a session; a
    /// valid one of another user does.
    ///
    /// # Errors
    /// [`Rejection`].
    pub(super) async fn from_request(
        headers: &HeaderMap,
        services: &VendorServices,
        limiter: &MemoryLimiter,
    ) -> Result<Self, Rejection> {
        // First the tokens: verifying them may wait for the keys of another server, and the session may end then.
        let tokens = Tokens::read(headers, services).await?;
        let session = services.user(headers).await?;
        let user = match session {
            Some(current) => Self::from_both(current, tokens, services).await?,
            None => {
                Self::from_token(tokens.only_user()?)?
                    .enabled(services)
                    .await?
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

    /// The ID of the user's account here, or else that of the upstream login.
    pub(super) fn into_id(self) -> String {
        self.user_id.unwrap_or(self.external_id)
    }

    /// The link to store for this user.
    pub(super) fn link(&self) -> Link<'_> {
        Link {
            external_id: &self.external_id,
            issuer: self.issuer.as_deref(),
            user_id: self.user_id.as_deref(),
        }
    }

    /// The user of the session, who must also be that of every valid token.
    async fn from_both(
        current: User,
        tokens: Tokens,
        services: &VendorServices,
    ) -> Result<Self, Rejection> {
        let mut linked = None;
        for user in tokens.users {
            let user = Self::from_token(user)?;
            let owner = user.owner(services).await?;
            if owner.is_none_or(|owner| owner.user_id != current.id) {
                return Err(Rejection::AnotherUser);
            }
            linked = Some(user);
        }
        let current = Self::from_session(current)?;
        Ok(match linked {
            None => current,
            Some(user) => Self {
                external_id: user.external_id,
                until: user.until,
                issuer: user.issuer,
                ..current
            },
        })
    }

    /// This user, unless the account here to which the identity is linked is disabled.
    async fn enabled(self, services: &VendorServices) -> Result<Self, Rejection> {
        match self.owner(services).await? {
            Some(owner) if owner.disabled => Err(Rejection::Disabled),
            _ => Ok(self),
        }
    }

    fn from_session(user: User) -> Result<Self, Rejection> {
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

    fn from_token(user: UpstreamUser) -> Result<Self, Rejection> {
        let is_id = |subject: &String| {
            subject.chars().count() <= MAX_EXTERNAL_ID && !subject.chars().any(char::is_control)
        };
        let external_id = user.subject.filter(is_id).ok_or(Rejection::NoSubject)?;
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
    async fn owner(&self, services: &VendorServices) -> Result<Option<IdentityOwner>, Rejection> {
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

/// The tokens of upstream logins in a request. Several cookies are possible, since any sibling host can add one.
#[derive(Default)]
struct Tokens {
    /// The users of the valid ones.
    users: Vec<UpstreamUser>,
    /// Whether there is one that is not valid.
    any_invalid: bool,
}

impl Tokens {
    /// Verifies every token. Reads none if no upstream login is configured.
    async fn read(headers: &HeaderMap, services: &VendorServices) -> Result<Self, Rejection> {
        let mut read = Self::default();
        let logins = services.upstream_logins();
        if logins.is_empty() {
            return Ok(read);
        }
        let tokens = cookies(headers).filter(|(name, _)| *name == upstream::COOKIE);
        for (_, token) in tokens.filter(|(_, token)| !token.is_empty()) {
            match logins.verify(token).await {
                Ok(user) => read.users.push(user),
                Err(error) => {
                    tracing::info!(%error, "rejected the token of an upstream login");
                    if matches!(error, UpstreamError::Unavailable(_)) {
                        return Err(Denied::Unavailable.into());
                    }
                    read.any_invalid = true;
                }
            }
        }
        Ok(read)
    }

    /// The user of the only token. With two cookies, it is unclear which one is meant.
    fn only_user(mut self) -> Result<UpstreamUser, Rejection> {
        match (self.users.pop(), self.users.is_empty() && !self.any_invalid) {
            (Some(user), true) => Ok(user),
            (None, true) => Err(Denied::SignedOut.into()),
            (_, false) => Err(Rejection::Invalid),
        }
    }
}
