//! Implements the account page's server functions: converts domain results to wire types.

use app::{
    accounts::{FieldErrors, ProfileForm, ProfileSaved},
    i18n::Locale,
    model::Notice,
    text,
};
use async_trait::async_trait;

use crate::accounts::{Accounts, Profile, ProfileProblems, User};

/// The accounts, on behalf of the user of one request.
pub struct RequestAccounts {
    pub accounts: Accounts,
    /// `None` for a signed-out visitor.
    pub user: Option<User>,
    pub locale: Locale,
}

#[async_trait]
impl app::accounts::Accounts for RequestAccounts {
    async fn save_profile(&self, form: ProfileForm) -> ProfileSaved {
        let Some(user) = &self.user else {
            return ProfileSaved::SignedOut;
        };
        let profile = match Profile::parse(&form.display_name, &form.photo_url) {
            Ok(profile) => profile,
            Err(problems) => return ProfileSaved::Rejected(self.errors(problems)),
        };
        if let Err(error) = self.accounts.save_profile(user, &profile).await {
            tracing::error!(%error, "a profile cannot be saved");
            return ProfileSaved::Unavailable {
                notice: text::unavailable(self.locale),
            };
        }
        ProfileSaved::Saved {
            notice: text::notice(self.locale, Notice::ProfileSaved),
            display_name: profile.display_name,
            photo_url: profile.photo_url.unwrap_or_default(),
        }
    }
}

impl RequestAccounts {
    fn errors(&self, problems: ProfileProblems) -> FieldErrors {
        let text = |problem| text::field_problem(self.locale, problem);
        FieldErrors {
            display_name: problems.display_name.map(text),
            photo_url: problems.photo_url.map(text),
        }
    }
}
