//! The mail worker: writes the letters of the queue and sends them, one at a time, again until they are taken.

mod worker;
mod writer;

pub use worker::MailWorker;
