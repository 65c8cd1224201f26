//! The HTTP interface for browsers: routes, extractors, pages, errors. Handlers only translate between HTTP
//! and the use cases.

pub mod accounts;
pub mod admin;
pub mod handoff;
pub mod http;
pub mod leptos;
pub mod oauth;
pub mod site;

mod assets;
mod flash;
mod health;
mod manifest;
mod problems;
mod render;
mod router;
mod session;
mod state;
mod visitor;

pub use assets::Files;
pub use flash::{Flash, FormSender, Outcome};
pub use manifest::Manifest;
pub use render::Pages;
pub use router::router;
pub use site::SiteSettings;
pub use state::AppState;
pub use visitor::{CurrentAdmin, CurrentUser, SignedIn, Visitor};
