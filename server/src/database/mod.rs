//! The database: what stores need of it, and what its errors mean.
//!
//! SQL is in the files of the features whose names end in `store.rs`, once for all engines: numbered parameters, `TEXT`
//! and `BIGINT` columns, times in milliseconds, no functions that only one engine has. An engine is a folder of this
//! module and one line in [`config`].

mod backup;
mod config;
mod engine;
mod error;
mod handles;
mod migrations;
mod postgres;
mod query;
mod row;
mod schema;
mod sqlite;
mod sweep;
mod transfer;
mod value;

pub use backup::{Pending, Restored};
pub use config::DatabaseConfig;
pub use engine::{Connection, Statements};
pub use error::StorageError;
pub use handles::{Database, ReadConnection, Reader, Transaction};
pub use query::{On, Query, query};
pub use row::{Column, DbRow, FromColumn, FromRow, Json, OwnedRow};
pub use sweep::Sweep;
pub use transfer::{Copied, Moved, Progress, Report, move_deployment};
pub use value::Value;
