//! What browsers hold after a sign-in: an access token, and a refresh token that is good for one use.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::users::User;

/// Older sessions are forgotten.
const KEPT: usize = 1000;

/// One sign-in of one browser; times are milliseconds since the Unix epoch.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) user: User,
    pub(super) access_token: String,
    pub(super) access_until: u64,
    pub(super) refresh_token: String,
    /// When the user has to bring a new ticket.
    pub(super) until: u64,
}

impl Session {
    pub(super) fn new(user: User, access_until: u64, until: u64) -> anyhow::Result<Self> {
        Ok(Self {
            user,
            access_token: random()?,
            access_until,
            refresh_token: random()?,
            until,
        })
    }
}

/// All sessions that may still be used.
#[derive(Default)]
pub(super) struct Sessions(VecDeque<Session>);

impl Sessions {
    pub(super) fn add(&mut self, session: Session) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(session);
    }

    /// Whose access token this is, if it is good.
    pub(super) fn user(&self, access_token: &str, now: u64) -> Option<&User> {
        let is_held =
            |session: &&Session| session.access_token == access_token && now < session.access_until;
        self.0.iter().find(is_held).map(|session| &session.user)
    }

    /// Takes the session of a refresh token out, if the token is good.
    pub(super) fn take(&mut self, refresh_token: &str, now: u64) -> Option<Session> {
        let is_held =
            |session: &Session| session.refresh_token == refresh_token && now < session.until;
        self.0.remove(self.0.iter().position(is_held)?)
    }

    /// Ends the session of either of its tokens.
    pub(super) fn end(&mut self, token: &str) -> Option<Session> {
        let is_held =
            |session: &Session| session.access_token == token || session.refresh_token == token;
        self.0.remove(self.0.iter().position(is_held)?)
    }
}

/// 256 random bits; the vendor allows refresh tokens of 128 characters at most.
fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
