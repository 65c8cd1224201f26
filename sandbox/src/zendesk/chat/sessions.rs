//! Who is signed in to Chat: the `id_token` that speaks for a visitor and the `state` that renews it.

use std::collections::VecDeque;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::zendesk::refusal::Refusal;

/// Older sessions are forgotten.
const KEPT: usize = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::zendesk) struct Session {
    pub(in crate::zendesk) id_token: String,
    /// To be sent with the next renewal, once.
    pub(in crate::zendesk) state: String,
    pub(in crate::zendesk) external_id: String,
    /// Seconds since the Unix epoch.
    pub(in crate::zendesk) expires_at: u64,
    pub(in crate::zendesk) logged_out: bool,
}

/// All sessions, oldest first.
#[derive(Default)]
pub(in crate::zendesk) struct Sessions(VecDeque<Session>);

impl Sessions {
    /// Whether `state` is from the last answer to this very visitor.
    ///
    /// # Errors
    /// `wrong_state`, also for another visitor's or a logged-out session's.
    pub(super) fn check_state(&self, state: &str, external_id: &str) -> Result<(), Refusal> {
        let own = self.0.iter().any(|session| {
            session.state == state && session.external_id == external_id && !session.logged_out
        });
        if own {
            return Ok(());
        }
        let message = "The state is not from the last answer to this visitor.";
        Err(Refusal::unauthorized("wrong_state", message))
    }

    /// A new session, in place of the one that `renews` belongs to.
    pub(super) fn start(
        &mut self,
        renews: Option<&str>,
        external_id: &str,
        expires_at: u64,
    ) -> anyhow::Result<Session> {
        let session = Session {
            id_token: random()?,
            state: random()?,
            external_id: external_id.to_owned(),
            expires_at,
            logged_out: false,
        };
        self.0
            .retain(|former| Some(former.state.as_str()) != renews);
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(session.clone());
        Ok(session)
    }

    pub(super) fn find(&self, id_token: &str) -> Option<&Session> {
        self.0.iter().find(|session| session.id_token == id_token)
    }

    /// Ends the session, or all sessions of its visitor.
    pub(super) fn log_out(&mut self, id_token: &str, everywhere: bool) {
        let Some(external_id) = self
            .find(id_token)
            .map(|session| session.external_id.clone())
        else {
            return;
        };
        for session in &mut self.0 {
            let is_meant = everywhere && session.external_id == external_id;
            session.logged_out |= is_meant || session.id_token == id_token;
        }
    }
}

/// 192 bits in base64url.
pub(in crate::zendesk) fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 24];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
