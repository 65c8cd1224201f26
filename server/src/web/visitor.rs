//! Extractors for the user of a request.

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};

use super::{
    AppState,
    http::{HttpError, SignedOut},
};
use crate::{
    accounts::{Accounts, User},
    session::{self, SessionEntries},
};

/// The signed-in user. Signed-out visitors are redirected to the login page.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub user: User,
    pub session: SessionEntries,
}

impl CurrentUser {
    /// Looks up the user of the session. If that user has been deleted or disabled, ends the session.
    async fn find(parts: &mut Parts, state: &AppState) -> Result<Option<Self>, HttpError> {
        let session = SessionEntries::from_request_parts(parts, state)
            .await
            .map_err(|_| HttpError::Internal("the session layer is missing".into()))?;
        let Some(id) = session.user_id().await? else {
            return Ok(None);
        };
        match state.accounts.user(&id).await? {
            Some(user) => Ok(Some(Self { user, session })),
            None => {
                session.sign_out().await?;
                Ok(None)
            }
        }
    }

    /// Whether the user is still signed in. A handler that has waited for another server asks this before it
    /// gives out what it got, since the user may have signed out, or been disabled, in the meantime.
    ///
    /// # Errors
    /// If the session store or the database is unavailable.
    pub async fn is_still_signed_in(&self, accounts: &Accounts) -> Result<bool, HttpError> {
        let now = self.session.user_id_now().await?;
        Ok(now.is_some_and(|id| id == self.user.id)
            && accounts.user(&self.user.id).await?.is_some())
    }
}

impl FromRequestParts<AppState> for CurrentUser {
    type Rejection = SignedOut;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, SignedOut> {
        Self::find(parts, state)
            .await?
            .ok_or_else(|| SignedOut::at(parts))
    }
}

/// The visitor, signed in or not.
pub struct Visitor(pub Option<CurrentUser>);

impl FromRequestParts<AppState> for Visitor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        CurrentUser::find(parts, state).await.map(Self)
    }
}

/// The signed-in user, if there is one, for endpoints that need nothing else of the session. Works without
/// the session layer, which would save the session after the response.
pub struct SignedIn(pub Option<User>);

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Accounts: FromRef<S>,
    session::Store: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let Some(id_hash) = session::id_hash(&parts.headers) else {
            return Ok(Self(None));
        };
        let sessions = session::Store::from_ref(state);
        let accounts = Accounts::from_ref(state);
        Ok(Self(accounts.user_of_session(&sessions, &id_hash).await?))
    }
}

/// The signed-in administrator. Other users get "not found", as for a page that does not exist; signed-out
/// visitors are redirected to the login page.
#[derive(Clone, Debug)]
pub struct CurrentAdmin(pub CurrentUser);

impl FromRequestParts<AppState> for CurrentAdmin {
    type Rejection = SignedOut;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, SignedOut> {
        let current = CurrentUser::from_request_parts(parts, state).await?;
        match state.accounts.is_admin(&current.user) {
            true => Ok(Self(current)),
            false => Err(HttpError::Rejected(app::model::Problem::NotFound).into()),
        }
    }
}
