//! The hand-off's pages, what `latchkey.js` asks for, and the script itself.

mod failure;
mod opener_api;
mod pages;
mod script;

pub use opener_api::{is_opener_path, opener_routes};
pub use pages::routes;
pub use script::{OpenerScript, script_routes};
