//! Administrators: users like others, whose confirmed address is on a list.

use axum::{extract::FromRequestParts, http::request::Parts};

use super::{Accounts, CurrentUser, User};
use crate::{
    http::{HttpError, SignedOut},
    state::AppState,
};

impl Accounts {
    /// Whether a user may look at other people's accounts.
    pub fn is_admin(&self, user: &User) -> bool {
        user.email_verified && self.admins.includes(&user.email)
    }
}

/// The administrator who has signed in. For other users there is nothing where one is needed, and strangers sign in
/// first, so nobody learns from an answer which pages there are.
#[derive(Clone, Debug)]
pub struct CurrentAdmin(pub CurrentUser);

impl FromRequestParts<AppState> for CurrentAdmin {
    type Rejection = SignedOut;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, SignedOut> {
        let current = CurrentUser::from_request_parts(parts, state).await?;
        match state.accounts.is_admin(&current.user) {
            true => Ok(Self(current)),
            false => Err(HttpError::Refused(app::model::Problem::NotFound).into()),
        }
    }
}
