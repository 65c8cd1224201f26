//! Interactive components. Each works as plain HTML until its wasm is loaded, or without it.

mod password_input;
mod profile_form;

pub use password_input::{LengthTexts, PasswordInput, PasswordInputProps, PasswordTexts};
pub use profile_form::{ProfileForm, ProfileFormProps, ProfileTexts};
