//! Mail to users: queued in the database with the change that causes it, sent by one worker, tried again until it is
//! taken.

mod config;
mod queue;
mod store;
mod worker;
mod writer;

pub use config::{MailConfig, SmtpConfig};
pub use queue::{Mail, MailQueue};
pub use worker::MailWorker;
