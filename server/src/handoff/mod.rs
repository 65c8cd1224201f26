//! The hand-off: from a chat box's click to its credential, through a popup of the login.

mod chat_box;
mod code;
mod code_store;
mod failure;
mod flow;
mod next;
mod store;

use std::{ops::Deref, sync::Arc};

use crate::{
    config::{HttpConfig, Origin},
    database::{Database, StorageError},
};

pub use chat_box::{ChatBox, ChatBoxError, DEMO_CHAT_BOX};
pub use code::{CodeError, Credential, Redemption, sweep};
pub use failure::Failure;
pub use flow::{FlowError, FlowParams, after_sign_in, return_url};
pub use next::{NextPath, page_of};

/// The chat boxes and their popups. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Handoffs(Arc<Inner>);

/// What hand-offs work with.
#[derive(Debug)]
pub struct Inner {
    database: Database,
    /// Skip "Continue as NAME" for those who are signed in already.
    straight: bool,
    /// The login's own origin, whose pages lead to one another.
    login_origin: Origin,
    /// The embedding site's, where a sign-in may end that began there.
    site_origin: Origin,
}

impl Handoffs {
    pub fn new(database: Database, config: &HttpConfig) -> Self {
        Self(Arc::new(Inner {
            database,
            straight: config.continue_straight,
            login_origin: config.login_origin.clone(),
            site_origin: config.site_origin.clone(),
        }))
    }

    /// Whether a user who is signed in already is handed over without being asked.
    pub fn goes_straight(&self) -> bool {
        self.straight
    }

    /// The chat box with an id.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn chat_box(&self, id: &str) -> Result<Option<ChatBox>, StorageError> {
        if id.is_empty() || id.len() > chat_box::MAX_ID {
            return Ok(None);
        }
        store::find(self.database.read(), id).await
    }

    /// All chat boxes, by id.
    ///
    /// # Errors
    /// If the database is unavailable.
    pub async fn all(&self) -> Result<Vec<ChatBox>, StorageError> {
        store::all(self.database.read()).await
    }

    /// Stores a chat box, in place of one with the same id.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn save(&self, chat_box: &ChatBox) -> Result<(), StorageError> {
        let mut tx = self.database.write().await?;
        store::save(&mut tx, chat_box).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a chat box; whether there was one.
    ///
    /// # Errors
    /// If the write fails.
    pub async fn remove(&self, id: &str) -> Result<bool, StorageError> {
        let mut tx = self.database.write().await?;
        let removed = store::remove(&mut tx, id).await?;
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
