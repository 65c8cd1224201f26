//! The hand-off's pages, the endpoints that `latchkey.js` calls, and the script itself.

mod failure;
mod opener_api;
mod pages;
mod script;

pub use opener_api::{is_opener_path, opener_routes};
pub use pages::routes;
pub use script::{OpenerScript, script_routes};
