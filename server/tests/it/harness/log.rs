//! What is logged while a test runs.

use std::{
    io,
    sync::{Arc, Mutex},
};

use tracing::{Dispatch, Level, dispatcher::DefaultGuard, subscriber::NoSubscriber};

/// Captures what this thread logs until it is dropped. Server, sandbox and clients of a test run on one
/// thread.
pub struct Log {
    lines: Lines,
    _guard: DefaultGuard,
    _second: Dispatch,
}

impl Log {
    /// Starts to capture all levels.
    pub fn capture() -> Self {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self {
            lines,
            // With a single dispatcher in the process, threads without one would disable events for all
            // threads.
            _second: Dispatch::new(NoSubscriber::default()),
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// What was logged so far.
    pub fn text(&self) -> String {
        let bytes = self.lines.0.lock().unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Asserts that none of the secrets is in `text`, which was logged or stored.
#[track_caller]
pub fn assert_none_in(text: &[u8], secrets: &[String]) {
    for secret in secrets {
        let found = text
            .windows(secret.len())
            .position(|part| part == secret.as_bytes());
        if let Some(at) = found {
            let around = &text[at.saturating_sub(200)..(at + 200).min(text.len())];
            panic!("{secret} in {}", String::from_utf8_lossy(around));
        }
    }
}
