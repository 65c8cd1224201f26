//! The mails received in this run, in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use super::message::{Envelope, Message};
use crate::clock::Clock;
use crate::lock::lock;

/// The maximum number of mails; the oldest are dropped first.
const CAPACITY: usize = 200;

/// A handle to the mailbox; copies share their mails.
#[derive(Clone)]
pub struct Mailbox {
    mails: Arc<Mutex<Mails>>,
    clock: Clock,
}

#[derive(Default)]
struct Mails {
    last_id: u64,
    kept: VecDeque<Message>,
}

impl Mailbox {
    pub(crate) fn start(clock: Clock) -> Self {
        Self {
            mails: Arc::default(),
            clock,
        }
    }

    /// All mails, newest first.
    pub fn messages(&self) -> Vec<Message> {
        self.lock().kept.iter().rev().cloned().collect()
    }

    /// The mails delivered to this address, newest first.
    pub fn messages_for(&self, address: &str) -> Vec<Message> {
        let mails = self.lock();
        mails
            .kept
            .iter()
            .rev()
            .filter(|mail| mail.is_for(address))
            .cloned()
            .collect()
    }

    /// Deletes all mails.
    pub fn clear(&self) {
        self.lock().kept.clear();
    }

    pub(super) fn find(&self, id: u64) -> Option<Message> {
        self.lock().kept.iter().find(|mail| mail.id == id).cloned()
    }

    pub(crate) fn receive(&self, envelope: Envelope) {
        let mut mails = self.lock();
        mails.last_id += 1;
        let message = Message::parse(mails.last_id, envelope, self.clock.now());
        if mails.kept.len() == CAPACITY {
            mails.kept.pop_front();
        }
        mails.kept.push_back(message);
    }

    fn lock(&self) -> MutexGuard<'_, Mails> {
        lock(&self.mails)
    }
}
