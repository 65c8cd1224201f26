//! Typed access to the entries of a session.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tower_sessions::Session;

use super::beginning::{Besides, in_one_transaction};
use crate::clock::Timestamp;

pub(super) const USER_ID: &str = "user_id";
const SIGNED_IN_AT: &str = "signed_in_at";
const PENDING_IDENTITY: &str = "pending_identity";
const OFFERED_IDENTITY: &str = "offered_identity";
const HANDOFFS: &str = "handoffs";

/// How long a user's consent to a hand-off is valid; enough for a popup to finish, with retries.
const HANDOFF_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// How long a sign-in counts as recent.
const RECENT_SIGN_IN: Duration = Duration::from_secs(15 * 60);

/// How long an identity is kept for its account to be found or created.
const PENDING_LIFETIME: Duration = Duration::from_secs(15 * 60);

/// Maximum number of consents in a session; a new one displaces the oldest.
const MAX_HANDOFFS: usize = 20;

/// The session store is unavailable, so it is unknown whether the visitor is signed in.
#[derive(Debug, thiserror::Error)]
#[error("the session store is not available: {0}")]
pub struct SessionError(#[from] tower_sessions::session::Error);

/// How a session begins.
pub struct SignIn<'a> {
    pub user_id: &'a str,
    /// The sign-in method, for the audit log.
    pub method: &'a str,
    /// The chat box to whose hand-off signing in is consent.
    pub chat_box_id: Option<&'a str>,
    /// What else the transaction does.
    pub besides: Option<Besides>,
}

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

    /// The same after looking the session up once more, since it may have ended during the request.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn user_id_now(&self) -> Result<Option<String>, SessionError> {
        self.0.load().await?;
        self.user_id().await
    }

    /// Begins a session under a new ID, in one transaction. All entries of the browser's previous session are dropped,
    /// so that an ID planted by an attacker stays anonymous and nothing of another user remains.
    ///
    /// # Errors
    /// If the store is unavailable; then nothing has changed.
    pub async fn sign_in(&self, sign_in: SignIn<'_>, now: Timestamp) -> Result<(), SessionError> {
        let SignIn {
            user_id,
            method,
            chat_box_id,
            besides,
        } = sign_in;
        in_one_transaction(method, besides, async {
            self.0.clear().await;
            // Neither `clear` nor `flush` drops the ID in the cookie, which an attacker may have chosen.
            if self.0.id().is_some() {
                self.0.cycle_id().await?;
            }
            self.0.insert(USER_ID, user_id).await?;
            self.0.insert(SIGNED_IN_AT, now).await?;
            if let Some(id) = chat_box_id {
                self.0.insert(HANDOFFS, BTreeMap::from([(id, now)])).await?;
            }
            Ok(self.0.save().await?)
        })
        .await
    }

    /// Whether the user has signed in within the last 15 minutes.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn signed_in_recently(&self, now: Timestamp) -> Result<bool, SessionError> {
        let at: Option<Timestamp> = self.0.get(SIGNED_IN_AT).await?;
        Ok(at.is_some_and(|at| now.is_within(RECENT_SIGN_IN, at)))
    }

    /// Keeps an identity until its account is found or created. Signing in drops it.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn keep_identity<T: Serialize>(
        &self,
        identity: &T,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        self.keep(PENDING_IDENTITY, identity, now).await
    }

    /// The identity that was kept, unless it has expired.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn kept_identity<T: DeserializeOwned>(
        &self,
        now: Timestamp,
    ) -> Result<Option<T>, SessionError> {
        self.kept(PENDING_IDENTITY, now).await
    }

    /// Keeps an identity that the user of this session is asked to link. The next sign-in drops it, so that no other
    /// user is asked.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn offer_identity<T: Serialize>(
        &self,
        identity: &T,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        self.keep(OFFERED_IDENTITY, identity, now).await
    }

    /// The identity that the user is asked to link, unless it has expired.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn offered_identity<T: DeserializeOwned>(
        &self,
        now: Timestamp,
    ) -> Result<Option<T>, SessionError> {
        self.kept(OFFERED_IDENTITY, now).await
    }

    /// Drops the identity that the user was asked to link.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn drop_offer(&self) -> Result<(), SessionError> {
        self.0.remove_value(OFFERED_IDENTITY).await?;
        Ok(self.0.save().await?)
    }

    async fn keep<T: Serialize>(
        &self,
        name: &str,
        identity: &T,
        now: Timestamp,
    ) -> Result<(), SessionError> {
        let pending = PendingIdentity { identity, at: now };
        self.0.insert(name, pending).await?;
        Ok(self.0.save().await?)
    }

    async fn kept<T: DeserializeOwned>(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<T>, SessionError> {
        let pending: Option<PendingIdentity<T>> = self.0.get(name).await?;
        let pending = pending.filter(|pending| now.is_within(PENDING_LIFETIME, pending.at));
        Ok(pending.map(|pending| pending.identity))
    }

    /// Gives the session a new ID and keeps its entries. A session that has ended meanwhile stays ended.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn rotate(&self) -> Result<(), SessionError> {
        if self.user_id_now().await?.is_none() {
            return Ok(());
        }
        self.0.cycle_id().await?;
        Ok(self.0.save().await?)
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// If the store is unavailable; the session may still be valid.
    pub async fn sign_out(&self) -> Result<(), SessionError> {
        Ok(self.0.flush().await?)
    }

    /// The hash of the session's ID, as stored, to tell it from the user's other sessions.
    pub fn id_hash(&self) -> Option<String> {
        self.0.id().map(|id| super::store::id_hash(&id))
    }

    /// Stores that the user has just agreed, in this browser, to a hand-off to a chat box.
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

    /// Whether the user has agreed to a hand-off to this chat box within the last five minutes.
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
            .is_some_and(|at| now.is_within(HANDOFF_LIFETIME, *at)))
    }

    /// Whether the user has agreed to a hand-off to this chat box at any time in this session. Enough to
    /// renew a page's credential, but not to give a page its first one.
    ///
    /// # Errors
    /// If the store is unavailable.
    pub async fn handoff_ever_allowed(&self, chat_box_id: &str) -> Result<bool, SessionError> {
        Ok(self.handoffs().await?.contains_key(chat_box_id))
    }

    async fn handoffs(&self) -> Result<BTreeMap<String, Timestamp>, SessionError> {
        Ok(self.0.get(HANDOFFS).await?.unwrap_or_default())
    }
}
