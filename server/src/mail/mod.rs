//! The mail queue: a mail is queued in the same transaction as the change that causes it. `mailer/` sends it.

mod config;
mod queue;
pub(crate) mod store;

pub use config::{MailConfig, SmtpConfig, SmtpTls};
pub use queue::{Mail, MailQueue};
pub(crate) use store::waiting;
