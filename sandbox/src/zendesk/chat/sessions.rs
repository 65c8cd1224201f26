//! Chat's sessions: the `id_token` that identifies a visitor, and the `state` that renews it.

use std::collections::VecDeque;

use crate::random::random;
use crate::secret::Secret;
use crate::zendesk::rejection::Rejection;

/// The maximum number of sessions; the oldest are dropped first.
const CAPACITY: usize = 1000;

#[derive(Clone)]
pub(in crate::zendesk) struct Session {
    pub(in crate::zendesk) id_token: Secret,
    /// Sent with the next renewal; valid once.
    pub(in crate::zendesk) state: Secret,
    pub(in crate::zendesk) external_id: String,
    /// Seconds since the Unix epoch.
    pub(in crate::zendesk) expires_at: u64,
    pub(in crate::zendesk) logged_out: bool,
}

/// All sessions, oldest first.
#[derive(Default)]
pub(in crate::zendesk) struct Sessions(VecDeque<Session>);

impl Sessions {
    /// Checks that `state` is from the latest response to this visitor.
    ///
    /// # Errors
    /// `wrong_state`, also for the state of another visitor or of a logged-out session.
    pub(super) fn check_state(&self, state: &str, external_id: &str) -> Result<(), Rejection> {
        let own = self.0.iter().any(|session| {
            session.state.is(state) && session.external_id == external_id && !session.logged_out
        });
        if own {
            return Ok(());
        }
        let message = "The state is not from the last response to this visitor.";
        Err(Rejection::unauthorized("wrong_state", message))
    }

    /// Starts a session, which replaces the one with the state `renews`.
    pub(super) fn start(
        &mut self,
        renews: Option<&str>,
        external_id: &str,
        expires_at: u64,
    ) -> anyhow::Result<Session> {
        let session = Session {
            id_token: random()?.as_str().into(),
            state: random()?.as_str().into(),
            external_id: external_id.to_owned(),
            expires_at,
            logged_out: false,
        };
        self.0
            .retain(|former| !renews.is_some_and(|state| former.state.is(state)));
        if self.0.len() == CAPACITY {
            self.0.pop_front();
        }
        self.0.push_back(session.clone());
        Ok(session)
    }

    pub(super) fn find(&self, id_token: &str) -> Option<&Session> {
        self.0.iter().find(|session| session.id_token.is(id_token))
    }

    /// Ends this session, or with `everywhere` all sessions of its visitor.
    pub(super) fn log_out(&mut self, ended: &Session, everywhere: bool) {
        for session in &mut self.0 {
            let is_meant = everywhere && session.external_id == ended.external_id;
            session.logged_out |= is_meant || session.id_token.is(ended.id_token.reveal());
        }
    }
}
