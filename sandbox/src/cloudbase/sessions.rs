//! What browsers hold after a sign-in: access tokens, and one refresh token until the sign-in ends.
//!
//! A renewal spends nothing. The SDK renews in each tab for itself, so if it did, tabs that renew at the same
//! moment would sign each other out.

use std::collections::VecDeque;

use super::outcome::Outcome;
use super::users::User;
use crate::random::random;
use crate::secret::Secret;

/// Older sessions are forgotten.
const CAPACITY: usize = 1000;

/// What a page gets, at a sign-in and at every renewal.
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
    /// When the user has to bring a new ticket.
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

    /// Gives one more access token.
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

    fn holds(&self, token: &str) -> bool {
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

    /// The session of a good refresh token.
    pub(super) fn by_refresh_token(&mut self, token: &str, now: u64) -> Option<&mut Session> {
        let is_held =
            |session: &&mut Session| session.refresh_token.is(token) && now < session.until;
        self.0.iter_mut().find(is_held)
    }

    /// Whose access token this is, if it is good.
    pub(super) fn user(&self, access_token: &str, now: u64) -> Option<&User> {
        let is_held = |session: &&Session| {
            let mut tokens = session.access_tokens.iter();
            tokens.any(|token| token.value.is(access_token) && now < token.until)
        };
        self.0.iter().find(is_held).map(|session| &session.user)
    }

    /// Ends the session of any of its tokens; whose it was, if it was one.
    pub(super) fn end(&mut self, token: &str) -> Option<User> {
        let index = self.0.iter().position(|session| session.holds(token))?;
        self.0.remove(index).map(|session| session.user)
    }
}

/// 43 characters; the vendor allows refresh tokens of 128 at most.
fn token() -> Result<Secret, Outcome> {
    let token = random().map(|token| token.as_str().into());
    token.map_err(|error| {
        tracing::error!(%error, "the machine gives no randomness");
        Outcome::InternalError
    })
}
