//! The mail worker: writes and sends the queued mails, one at a time, and retries those that fail.

mod worker;
mod writer;

pub use worker::MailWorker;
