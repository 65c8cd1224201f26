//! The beginning of a session as one transaction.
//!
//! `tower_sessions` deletes the browser's former session and creates the new one by two calls of the store, and knows
//! nothing of what else belongs to a sign-in. Three transactions are three waits for the disk, and a crash between them
//! leaves a part.

use std::{cell::RefCell, future::Future};

use futures_util::future::BoxFuture;
use tower_sessions::session::Id;

use crate::database::{Connection, StorageError};

/// What else the transaction does.
pub type Besides =
    Box<dyn for<'t> FnOnce(&'t mut Connection) -> BoxFuture<'t, Result<(), StorageError>> + Send>;

/// What the transaction that creates the next session of this task does besides.
#[derive(Default)]
pub(super) struct Beginning {
    /// The session to delete.
    pub(super) ended: Option<Id>,
    /// How the user has signed in.
    pub(super) method: Option<String>,
    pub(super) besides: Option<Besides>,
}

tokio::task_local! {
    static BEGINNING: RefCell<Beginning>;
}

/// Runs `begin`, within which the store deletes a session not before it creates one.
pub(super) async fn in_one_transaction<T>(
    method: &str,
    besides: Option<Besides>,
    begin: impl Future<Output = T>,
) -> T {
    let beginning = Beginning {
        ended: None,
        method: Some(method.to_owned()),
        besides,
    };
    BEGINNING.scope(RefCell::new(beginning), begin).await
}

/// Whether a session is to be deleted by the transaction that creates the next one.
pub(super) fn ends(id: &Id) -> bool {
    let ends = BEGINNING.try_with(|beginning| beginning.borrow_mut().ended = Some(*id));
    ends.is_ok()
}

/// What the transaction does besides creating a session.
pub(super) fn take() -> Beginning {
    BEGINNING.try_with(RefCell::take).unwrap_or_default()
}
