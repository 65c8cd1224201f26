//! The text catalogue, checked when it is compiled: `locales/<locale>.json`.
//!
//! A text that a page asks for and a catalogue lacks stops the build; see `build.rs`.
#![expect(
    clippy::expect_used,
    clippy::module_inception,
    reason = "generated code"
)]

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub use i18n::*;
