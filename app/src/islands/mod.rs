//! The interactive pieces. Each is complete plain HTML before, or without, its wasm.

mod password_input;
mod profile_form;

pub use password_input::{LengthTexts, PasswordInput, PasswordInputProps, PasswordTexts};
pub use profile_form::{ProfileForm, ProfileFormProps, ProfileTexts};
