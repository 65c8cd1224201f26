//! What server functions need from the server, which implements it per request for the signed-in user.

use async_trait::async_trait;

use super::api::{ProfileForm, ProfileSaved};

/// Account use cases that the browser may call.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Validates and stores the signed-in user's profile.
    async fn save_profile(&self, form: ProfileForm) -> ProfileSaved;
}
