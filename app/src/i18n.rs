//! The text catalogue `locales/<locale>.json`, checked at compile time.
//!
//! The build fails if a catalogue lacks a text that a page uses; see `build/catalogue.rs`.
#![expect(
    clippy::expect_used,
    clippy::module_inception,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub use i18n::*;
