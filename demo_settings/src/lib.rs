//! The demo: its ports, the variables with which server and sandbox are started, its data, and the table that it prints.
//! `cargo xtask demo` and `latchkey demo` start the same one.
//!
//! What a vendor needs is in the `demo.env` files of its folders.

mod database;
mod demo_env;
mod ports;
mod settings;
mod table;

pub use database::Database;
pub use ports::Ports;
pub use settings::{Settings, Variables, login_origin, sandbox_url, site_origin};
pub use table::table;
