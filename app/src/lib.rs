//! What the browser and the server both know: pages, components, islands and server functions.
//!
//! Pages are pure: the server decides everything, fills a model from [`model`] and asks [`document`] for HTML.
//! Only [`islands`] and the server functions they call are compiled for the browser;
//! everything else sits behind the `ssr` feature, so no text catalogue, page or secret can reach the wasm.
#![recursion_limit = "256"]

pub mod accounts;
pub mod islands;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod model;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod text;
mod ui;

#[cfg(feature = "ssr")]
pub use document::document;
