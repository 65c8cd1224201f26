//! The mail workers: they write and send the queued mails, and retry those that fail.

mod smtp;
mod worker;
mod writer;

pub use worker::MailWorker;
