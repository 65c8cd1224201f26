//! The history that a service keeps for its console and for tests.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::lock::lock;

/// The maximum number of entries; the oldest are dropped first.
const CAPACITY: usize = 200;

/// The latest entries, up to [`CAPACITY`].
pub(crate) struct History<T>(Mutex<VecDeque<T>>);

impl<T> Default for History<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> History<T> {
    pub(crate) fn push(&self, entry: T) {
        let mut entries = lock(&self.0);
        if entries.len() == CAPACITY {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// All of them, oldest first.
    pub(crate) fn all(&self) -> Vec<T> {
        lock(&self.0).iter().cloned().collect()
    }
}
