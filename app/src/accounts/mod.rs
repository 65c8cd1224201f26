//! The account page's server functions, and the port through which they reach the server.

mod api;
#[cfg(feature = "ssr")]
mod port;

pub use api::{FieldErrors, ProfileForm, ProfileSaved, SaveProfile, save_profile};
#[cfg(feature = "ssr")]
pub use port::Accounts;
