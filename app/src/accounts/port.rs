//! What the server functions need of the server. It implements this once per request, for the user of that request.

use async_trait::async_trait;

use super::api::{ProfileForm, ProfileSaved};

/// The use cases of accounts that are open to the browser.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Checks and stores the profile of the signed-in user.
    async fn save_profile(&self, form: ProfileForm) -> ProfileSaved;
}
