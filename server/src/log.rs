//! The log, on standard error.
//!
//! A thread of its own writes it. So no request waits for a log that is slow, and none fails with a log that
//! cannot be written, as on a full disk or when the reader of a pipe has ended.

mod config;

use std::{
    io::{self, IsTerminal, Write},
    panic,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use tracing_subscriber::EnvFilter;

pub use config::LogFormat;

/// How many lines may wait to be written. Further ones are lost and counted.
const MAX_WAITING: usize = 8192;

/// How long the thread sleeps after it has written. Meanwhile lines gather, and no request has to wake it.
const PAUSE: Duration = Duration::from_millis(2);

/// In bytes: how much is written at once.
const MAX_WRITE: usize = 64 * 1024;

/// How long [`Log::flush`] waits.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(1);

/// A handle to the log. Writing to it never waits and never fails.
#[derive(Clone)]
pub struct Log {
    messages: SyncSender<Message>,
    lost: Arc<AtomicU64>,
    format: LogFormat,
}

enum Message {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

impl Log {
    /// Sends all events and panics of the process to standard error, filtered as `RUST_LOG` says, or else
    /// as `default` does.
    pub fn install(format: LogFormat, default: &str) -> Self {
        let log = Self::to(io::stderr(), format);
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(default));
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(move || writer.clone())
            .with_ansi(io::stderr().is_terminal())
            .log_internal_errors(false);
        match format {
            LogFormat::Text => subscriber.init(),
            LogFormat::Json => subscriber.json().with_span_list(false).init(),
        }
        panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
        log
    }

    /// A log that is written to `output`.
    fn to(output: impl Write + Send + 'static, format: LogFormat) -> Self {
        let (messages, queue) = sync_channel(MAX_WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let count = Arc::clone(&lost);
        // Without the thread, every line is lost, and nothing else.
        let _ = thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || write_lines(output, format, &queue, &count));
        Self {
            messages,
            lost,
            format,
        }
    }

    /// Says why the program ends.
    pub fn fail(&mut self, error: &anyhow::Error) {
        // Cannot fail.
        let _ = match self.format {
            LogFormat::Text => writeln!(self, "latchkey: {error:#}"),
            LogFormat::Json => {
                tracing::error!("latchkey: {error:#}");
                Ok(())
            }
        };
    }

    /// Waits until everything that was logged before is written, for a second at most.
    pub fn flush(&self) {
        let (done, written) = sync_channel(1);
        if self.messages.try_send(Message::Flush(done)).is_ok() {
            let _ = written.recv_timeout(FLUSH_TIMEOUT);
        }
    }
}

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self
            .messages
            .try_send(Message::Line(line.to_vec()))
            .is_err()
        {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn write_lines(
    mut output: impl Write,
    format: LogFormat,
    queue: &Receiver<Message>,
    lost: &AtomicU64,
) {
    while let Ok(first) = queue.recv() {
        let Batch {
            text,
            lines,
            flushed,
        } = Batch::collect(first, queue);
        if lines > 0 {
            let missed = lost.swap(0, Ordering::Relaxed);
            let told = match (missed, format) {
                (0, _) => Ok(()),
                (_, LogFormat::Text) => writeln!(output, "{missed} lines of the log were lost"),
                (_, LogFormat::Json) => writeln!(
                    output,
                    r#"{{"level":"WARN","fields":{{"message":"{missed} lines of the log were lost"}}}}"#
                ),
            };
            if told.and_then(|()| output.write_all(&text)).is_err() {
                lost.fetch_add(missed + lines, Ordering::Relaxed);
            }
        }
        if let Some(done) = flushed {
            let _ = output.flush();
            let _ = done.try_send(());
        } else {
            thread::sleep(PAUSE);
        }
    }
}

/// What waits to be written: under load, one call of the system for many lines.
#[derive(Default)]
struct Batch {
    text: Vec<u8>,
    lines: u64,
    /// Whom to tell that everything up to here is written.
    flushed: Option<SyncSender<()>>,
}

impl Batch {
    fn collect(first: Message, queue: &Receiver<Message>) -> Self {
        let mut batch = Self::default();
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Message::Line(line) => {
                    batch.text.extend(line);
                    batch.lines += 1;
                }
                Message::Flush(done) => {
                    batch.flushed = Some(done);
                    break;
                }
            }
            let has_space = batch.text.len() < MAX_WRITE;
            next = has_space.then(|| queue.try_recv().ok()).flatten();
        }
        batch
    }
}

#[cfg(test)]
mod tests;
