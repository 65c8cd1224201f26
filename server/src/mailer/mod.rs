//! The mail workers: they write and send the queued mails, and retry those that fail.

mod renderer;
mod smtp;
mod worker;

pub use worker::MailWorker;
