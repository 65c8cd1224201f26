//! Interactive components. Each works as plain HTML until its wasm is loaded, or without it.

#[cfg(feature = "ssr")]
mod marks;
mod password_input;
#[cfg(feature = "account")]
mod profile_form;

#[cfg(feature = "ssr")]
pub(crate) use marks::mark_islands;
pub use password_input::{LengthTexts, PasswordInput, PasswordInputProps, PasswordTexts};
#[cfg(feature = "account")]
pub use profile_form::{ProfileForm, ProfileFormProps, ProfileTexts};
