//! What a service remembers for its console and for tests.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::lock::lock;

/// Older entries are forgotten.
const KEPT: usize = 200;

/// The latest entries of a record.
pub(crate) struct Latest<T>(Mutex<VecDeque<T>>);

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Latest<T> {
    pub(crate) fn push(&self, entry: T) {
        let mut entries = lock(&self.0);
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// All of them, oldest first.
    pub(crate) fn all(&self) -> Vec<T> {
        lock(&self.0).iter().cloned().collect()
    }
}
