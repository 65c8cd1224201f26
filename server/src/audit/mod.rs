//! The audit log: who did what to whose account, when and from where.
//!
//! An event is written in the transaction of what it is about, so that there is neither one without the other. It
//! has no secret and no address of a user. Credentials are too many for that: they are counted for each user, vendor,
//! site and day, and written within a second (see [`CredentialUses`]).

mod config;
mod event;
mod export;
mod request;
mod store;
mod uses;

pub use config::AuditConfig;
pub use event::{Event, record, record_lock};
pub use export::{ExportError, Format, export};
pub use request::{Requester, within_request};
pub use store::{forget, sweeps};
pub use uses::{CredentialUses, Site, UsesWorker};
