//! Server functions: public endpoints that call the port.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The fields of the profile form.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ProfileForm {
    pub display_name: String,
    /// Empty for no photo.
    pub photo_url: String,
}

/// The result of saving a profile. Strings are in the visitor's language.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum ProfileSaved {
    Saved {
        notice: String,
        display_name: String,
        photo_url: String,
    },
    Rejected(FieldErrors),
    SignedOut,
    Unavailable {
        notice: String,
    },
}

/// A message for each rejected field.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct FieldErrors {
    pub display_name: Option<String>,
    pub photo_url: Option<String>,
}

/// Stores the signed-in user's profile: `POST /api/account/profile`, the same rules as the plain form.
#[server(endpoint = "account/profile")]
pub async fn save_profile(form: ProfileForm) -> Result<ProfileSaved, ServerFnError> {
    use std::sync::Arc;

    let accounts = expect_context::<Arc<dyn super::Accounts>>();
    Ok(accounts.save_profile(form).await)
}
