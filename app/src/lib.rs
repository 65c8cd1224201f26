//! Code shared by browser and server: pages, components, islands and server functions.
//!
//! Pages are pure: the server decides, fills a model from [`model`] and renders it with [`document`].
//! Only [`islands`] and the server functions they call are compiled for the browser;
//! everything else is behind the `ssr` feature, so no text catalogue, page or secret ends up in the wasm.
#![recursion_limit = "256"]

#[cfg(feature = "account")]
pub mod accounts;
pub mod islands;

#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
pub mod model;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "account")]
mod ui;

#[cfg(feature = "ssr")]
pub use document::document;
