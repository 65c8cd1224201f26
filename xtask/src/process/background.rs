//! Work in the background that can be cancelled.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Result, anyhow};

thread_local! {
    /// The cancellation flag of this thread's work.
    static CANCELLED: RefCell<Arc<AtomicBool>> = RefCell::default();
}

/// Whether the work of this thread has been cancelled.
pub(super) fn is_cancelled() -> bool {
    CANCELLED.with_borrow(|flag| flag.load(Ordering::SeqCst))
}

/// Work on its own thread. Dropping this cancels the work: its child processes end, then the thread does.
pub(crate) struct Background<T> {
    cancelled: Arc<AtomicBool>,
    thread: Option<JoinHandle<Result<T>>>,
}

impl<T: Send + 'static> Background<T> {
    pub(crate) fn start(work: impl FnOnce() -> Result<T> + Send + 'static) -> Self {
        let cancelled = Arc::<AtomicBool>::default();
        let flag = Arc::clone(&cancelled);
        let thread = thread::spawn(move || {
            CANCELLED.set(flag);
            work()
        });
        Self {
            cancelled,
            thread: Some(thread),
        }
    }

    /// The outcome, returned once; `None` while the work goes on and after the outcome was returned.
    pub(crate) fn outcome(&mut self) -> Option<Result<T>> {
        let thread = self.thread.take_if(|thread| thread.is_finished())?;
        Some(
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow!("It panicked; see above."))),
        )
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // The outcome is not needed any more.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_given_once() {
        let mut work = Background::start(|| Ok(7));
        let first = loop {
            match work.outcome() {
                Some(outcome) => break outcome,
                None => thread::yield_now(),
            }
        };
        assert_eq!(first.unwrap(), 7);
        assert!(work.outcome().is_none());
    }

    #[test]
    fn dropped_work_is_called_off() {
        let (tell, told) = std::sync::mpsc::channel();
        let work = Background::start(move || {
            while !is_cancelled() {
                thread::yield_now();
            }
            tell.send(()).map_err(anyhow::Error::from)
        });
        drop(work);
        assert!(told.recv().is_ok());
        assert!(!is_cancelled());
    }
}
