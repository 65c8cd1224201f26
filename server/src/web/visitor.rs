//! Who sends a request: extractors for the signed-in user.

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

/// The signed-in user. Requests without one are sent to the login page.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub user: User,
    pub session: SessionEntries,
}

impl CurrentUser {
    /// Looks the user up. A session whose user is deleted or disabled is ended.
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

/// The signed-in user, for endpoints that need nothing else of the session: it is read without the layer that saves it.
pub struct SignedIn(pub Option<User>);

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Accounts: FromRef<S>,
    session::Store: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, HttpError> {
        let sessions = session::Store::from_ref(state);
        let user = match session::user_id(&sessions, &parts.headers).await? {
            Some(id) => Accounts::from_ref(state).user(&id).await?,
            None => None,
        };
        Ok(Self(user))
    }
}

/// The signed-in administrator. Other users get "not found" and visitors are asked to sign in first, so that no
/// response tells which pages exist.
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
