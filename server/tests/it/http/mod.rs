//! What applies to every request: host names, origins, headers, limits, errors, and the process itself.

mod assets;
mod connections;
mod content_policy;
mod cookies;
mod csrf;
mod fuzz;
pub mod headers;
mod health;
mod hosts;
mod input;
mod next;
mod opener_policy;
mod overload;
pub mod pages;
mod request_log;
mod routes;
mod secrets;
mod shutdown;
mod unsaved_session;
