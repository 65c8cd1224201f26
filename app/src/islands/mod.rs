//! Interactive components. Each works as plain HTML until its wasm is loaded, or without it.

#[cfg(feature = "ssr")]
mod marks;
mod password_input;
mod profile_form;

#[cfg(feature = "ssr")]
pub(crate) use marks::mark_islands;
pub use password_input::{LengthTexts, PasswordInput, PasswordInputProps, PasswordTexts};
pub use profile_form::{ProfileForm, ProfileFormProps, ProfileTexts};
