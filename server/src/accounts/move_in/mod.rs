//! Moving in and out: users with the password hashes that another system has stored, and everything that a next system
//! needs.

mod candidate;
mod export;
mod formats;
mod import;
mod import_store;
mod source;

pub use export::{ExportError, export_users};
pub use formats::{FirebaseParameters, Format, FormatError};
pub use import::{Import, ImportError, ImportOptions, Summary};
