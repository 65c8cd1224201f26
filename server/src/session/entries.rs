//! What a session holds, by name and type.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower_sessions::Session;

use crate::clock::Timestamp;

pub(super) const USER_ID: &str = "user_id";
const SIGNED_IN_AT: &str = "signed_in_at";
const PENDING_IDENTITY: &str = "pending_identity";
const HANDOFFS: &str = "handoffs";

/// How long a popup may take from the user's consent to its last page, with retries.
const HANDOFF_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// How long a sign-in counts as one that has just happened.
const RECENT: Duration = Duration::from_secs(15 * 60);

/// How long an identity waits for its account to be found or made.
const PENDING_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Consents kept at once; the oldest make room.
const MAX_HANDOFFS: usize = 20;

/// The session store did not answer: the visitor is neither known nor unknown.
#[derive(Debug, thiserror::Error)]
#[error("the session store is not available: {0}")]
pub struct SessionError(#[from] tower_sessions::session::Error);

/// A verified identity that belongs to no account yet.
#[derive(Deserialize, Serialize)]
struct PendingIdentity<T> {
    identity: T,
    at: Timestamp,
}

/// The session of a request.
#[derive(Clone, Debug)]
pub struct SessionEntries(Session);

impl SessionEntries {
    /// The entries of a session that the layer has loaded.
    pub fn of(session: Session) -> Self {
        Self(session)
    }

    /// The user who has signed in, if the session lives.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn user_id(&self) -> Result<Option<String>, SessionError> {
        Ok(self.0.get(USER_ID).await?)
    }

    /// Begins a session of a user under a new id. Whatever this browser had before is gone:
    /// a planted id stays anonymous, and nothing of another user remains.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn sign_in(&self, user_id: &str, now: Timestamp) -> Result<(), SessionError> {
        self.0.clear().await;
        // Neither `clear` nor `flush` gives up the id of the cookie, be it planted or invented.
        if self.0.id().is_some() {
            self.0.cycle_id().await?;
        }
        self.0.insert(USER_ID, user_id).await?;
        self.0.insert(SIGNED_IN_AT, now).await?;
        Ok(self.0.save().await?)
    }

    /// Whether the user has signed in a short while ago.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn signed_in_recently(&self, now: Timestamp) -> Result<bool, SessionError> {
        let at: Option<Timestamp> = self.0.get(SIGNED_IN_AT).await?;
        Ok(at.is_some_and(|at| now.since(at) < RECENT))
    }

    /// Keeps an identity until its account is found or created. Signing in ends it.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn keep_identity<T: Serialize>(
        &self,
        identity: &T,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        let pending = PendingIdentity { identity, at: now };
        self.0.insert(PENDING_IDENTITY, pending).await?;
        Ok(self.0.save().await?)
    }

    /// The identity that was kept, if it is not too long ago.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn kept_identity<T: DeserializeOwned>(
        &self,
        now: Timestamp,
    ) -> Result<Option<T>, SessionError> {
        let pending: Option<PendingIdentity<T>> = self.0.get(PENDING_IDENTITY).await?;
        let pending = pending.filter(|pending| now.since(pending.at) < PENDING_LIFETIME);
        Ok(pending.map(|pending| pending.identity))
    }

    /// Gives the session a new id and keeps its content. A session that has ended meanwhile stays ended.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn rotate(&self) -> Result<(), SessionError> {
        self.0.load().await?;
        if self.user_id().await?.is_none() {
            return Ok(());
        }
        self.0.cycle_id().await?;
        Ok(self.0.save().await?)
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// If the store does not answer: the session may still live.
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        Ok(self.0.flush().await?)
    }

    /// The stored form of the session's id, to tell it from a user's other sessions.
    pub fn id_hash(&self) -> Option<String> {
        self.0.id().map(|id| super::store::id_hash(&id))
    }

    /// Notes that the user has agreed, just now and in this browser, to be handed to a chat box.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn allow_handoff(
        &self,
        chat_box_id: &str,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        let mut handoffs = self.handoffs().await?;
        handoffs.insert(chat_box_id.to_owned(), now);
        while handoffs.len() > MAX_HANDOFFS {
            let oldest = handoffs
                .iter()
                .min_by_key(|(_, at)| **at)
                .map(|(id, _)| id.clone());
            handoffs.remove(&oldest.unwrap_or_default());
        }
        self.0.insert(HANDOFFS, handoffs).await?;
        Ok(self.0.save().await?)
    }

    /// Whether the user has agreed a short while ago.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn handoff_allowed(
        &self,
        chat_box_id: &str,
        now: Timestamp,
    ) -> Result<bool, SessionError> {
        let handoffs = self.handoffs().await?;
        Ok(handoffs
            .get(chat_box_id)
            .is_some_and(|at| now.since(*at) < HANDOFF_LIFETIME))
    }

    /// Whether the user has ever agreed in this session: enough to renew what a page has, not to give it to a page
    /// anew.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn handoff_known(&self, chat_box_id: &str) -> Result<bool, SessionError> {
        Ok(self.handoffs().await?.contains_key(chat_box_id))
    }

    async fn handoffs(&self) -> Result<BTreeMap<String, Timestamp>, SessionError> {
        Ok(self.0.get(HANDOFFS).await?.unwrap_or_default())
    }
}
