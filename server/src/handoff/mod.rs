//! The hand-off: passes a credential from the login to the page with the chat box. Holds the chat boxes, the
//! parameters of a flow, and the codes for pages that no message reaches.

mod chat_box;
mod code;
mod code_store;
mod credential;
mod failure;
mod flow;
mod next;
mod store;

use std::{ops::Deref, sync::Arc};

use crate::{
    audit::{self, Event},
    clock::Clock,
    config::{HttpConfig, Origin},
    database::{Database, StorageError},
};

pub use chat_box::{ChatBox, ChatBoxError, DEMO_CHAT_BOX};
pub use code::{CodeError, Redemption};
pub use code_store::SWEEP;
pub use credential::Credential;
pub use failure::Failure;
pub use flow::{FlowError, FlowParams, after_sign_in, return_url, target_of};
pub use next::{NextPath, url_on_origin};

/// The chat boxes and their hand-offs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handoffs(Arc<Inner>);

/// The shared state of [`Handoffs`].
#[derive(Debug)]
pub struct Inner {
    database: Database,
    clock: Clock,
    /// `LATCHKEY_POPUP_CONTINUE=straight`: skip "Continue as NAME" for users who are already signed in.
    straight: bool,
    /// The origin of the login. Its pages link to each other, so it is never a foreign opener.
    login_origin: Origin,
    /// The origin of the embedding site, to whose pages a sign-in may return.
    site_origin: Origin,
}

impl Handoffs {
    pub fn new(database: Database, clock: Clock, config: &HttpConfig) -> Self {
        Self(Arc::new(Inner {
            database,
            clock,
            straight: config.continue_straight,
            login_origin: config.login_origin.clone(),
            site_origin: config.site_origin.clone(),
        }))
    }

    /// Whether a user who is already signed in is not asked before a hand-off.
    pub fn skips_consent(&self) -> bool {
        self.straight
    }

    /// The chat box with this ID, if there is one.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn chat_box(&self, id: &str) -> Result<Option<ChatBox>, StorageError> {
        if id.is_empty() || id.len() > chat_box::MAX_ID {
            return Ok(None);
        }
        store::find(self.database.read(), id).await
    }

    /// All chat boxes, ordered by ID.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn all(&self) -> Result<Vec<ChatBox>, StorageError> {
        store::all(self.database.read()).await
    }

    /// Stores a chat box, replacing one with the same ID.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn save(&self, chat_box: &ChatBox) -> Result<(), StorageError> {
        let mut tx = self.database.write().await?;
        store::save(&mut tx, chat_box).await?;
        let event = Event::ChatBoxSaved { id: &chat_box.id };
        audit::record(&mut tx, event, None, self.clock.now()).await?;
        tx.commit().await
    }

    /// Removes a chat box. Returns whether it existed.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn remove(&self, id: &str) -> Result<bool, StorageError> {
        let mut tx = self.database.write().await?;
        let removed = store::remove(&mut tx, id).await?;
        if removed {
            let event = Event::ChatBoxRemoved { id };
            audit::record(&mut tx, event, None, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(removed)
    }
}

impl Deref for Handoffs {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
