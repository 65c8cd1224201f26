//! The sessions that sign-ins start, each with access tokens and one refresh token.
//!
//! A renewal does not replace the refresh token. Each tab's SDK renews on its own, so tabs that renew at the
//! same moment would otherwise sign each other out.

use std::collections::VecDeque;

use super::outcome::Outcome;
use super::users::User;
use crate::random::random;
use crate::secret::Secret;

/// The maximum number of sessions; the oldest are dropped first.
const CAPACITY: usize = 1000;

/// What a page gets at sign-in and at every renewal.
pub(super) struct Tokens {
    pub(super) user: User,
    pub(super) access_token: Secret,
    pub(super) access_token_seconds: u32,
    pub(super) refresh_token: Secret,
}

/// One sign-in of one browser; times are milliseconds since the Unix epoch.
pub(super) struct Session {
    user: User,
    refresh_token: Secret,
    /// When the session ends, and the user needs a new ticket.
    until: u64,
    access_tokens: Vec<AccessToken>,
}

struct AccessToken {
    value: Secret,
    until: u64,
}

impl Session {
    pub(super) fn new(user: User, until: u64) -> Result<Self, Outcome> {
        Ok(Self {
            user,
            refresh_token: token()?,
            until,
            access_tokens: Vec::new(),
        })
    }

    /// Issues another access token.
    pub(super) fn issue(&mut self, seconds: u32, now: u64) -> Result<Tokens, Outcome> {
        let access_token = token()?;
        self.access_tokens.retain(|token| now < token.until);
        self.access_tokens.push(AccessToken {
            value: access_token.clone(),
            until: now + u64::from(seconds) * 1000,
        });
        Ok(Tokens {
            user: self.user.clone(),
            access_token,
            access_token_seconds: seconds,
            refresh_token: self.refresh_token.clone(),
        })
    }

    fn has_token(&self, token: &str) -> bool {
        self.refresh_token.is(token) || self.access_tokens.iter().any(|held| held.value.is(token))
    }
}

/// All sessions that may still be used.
#[derive(Default)]
pub(super) struct Sessions(VecDeque<Session>);

impl Sessions {
    pub(super) fn add(&mut self, session: Session) {
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(session);
    }

    /// The session of this refresh token, unless it has ended.
    pub(super) fn by_refresh_token(&mut self, token: &str, now: u64) -> Option<&mut Session> {
        let is_held =
            |session: &&mut Session| session.refresh_token.is(token) && now < session.until;
        self.0.iter_mut().find(is_held)
    }

    /// The user of this access token, unless it is unknown or expired.
    pub(super) fn user(&self, access_token: &str, now: u64) -> Option<&User> {
        let is_held = |session: &&Session| {
            let mut tokens = session.access_tokens.iter();
            tokens.any(|token| token.value.is(access_token) && now < token.until)
        };
        self.0.iter().find(is_held).map(|session| &session.user)
    }

    /// Ends the session that this access or refresh token belongs to, and returns its user.
    pub(super) fn end(&mut self, token: &str) -> Option<User> {
        let index = self.0.iter().position(|session| session.has_token(token))?;
        self.0.remove(index).map(|session| session.user)
    }
}

/// A random token of 43 characters; the vendor's refresh tokens have at most 128.
fn token() -> Result<Secret, Outcome> {
    let token = random().map(|token| token.as_str().into());
    token.map_err(|error| {
        tracing::error!(%error, "the system's random generator failed");
        Outcome::InternalError
    })
}
