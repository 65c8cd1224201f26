//! A user, and how a handler asks for the one who has signed in.

use app::model::Viewer;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, request::Parts},
};

use super::{Accounts, store};
use crate::{
    clock::Timestamp,
    database::StorageError,
    http::{HttpError, SignedOut},
    session::{self, SessionEntries},
    state::AppState,
};

/// Somebody with an account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// 32 lowercase hex characters; never changes, never reused.
    pub id: String,
    pub email: String,
    /// Whether the address has been proved to be theirs.
    pub email_verified: bool,
    pub display_name: String,
    pub photo_url: Option<String>,
    pub created_at: Timestamp,
}

impl User {
    /// What pages may show of the user.
    pub fn viewer(&self) -> Viewer {
        Viewer {
            uid: self.id.clone(),
            email: self.email.clone(),
            display_name: self.display_name.clone(),
            photo_url: self.photo_url.clone(),
        }
    }
}

/// The signed-in user. As an extractor it refuses everybody else; as an `Option` it tells whether there is one.
#[derive(Clone, Debug)]
pub struct CurrentUser {
    pub user: User,
    pub session: SessionEntries,
}

impl CurrentUser {
    /// Looks the visitor up. A session of a user who is gone or disabled is ended.
    ///
    /// # Errors
    /// [`HttpError`] if session or user cannot be read: then the visitor is neither known nor unknown.
    pub async fn find(parts: &mut Parts, accounts: &Accounts) -> Result<Option<Self>, HttpError> {
        let session = SessionEntries::from_request_parts(parts, &())
            .await
            .map_err(|_| HttpError::Internal("the session layer is missing".into()))?;
        let Some(id) = session.user_id().await? else {
            return Ok(None);
        };
        match store::user_by_id(accounts.database.read(), &id).await? {
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
        Self::find(parts, &state.accounts)
            .await?
            .ok_or_else(|| SignedOut::at(parts))
    }
}

/// The visitor, signed in or not.
pub struct Visitor(pub Option<CurrentUser>);

impl FromRequestParts<AppState> for Visitor {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        CurrentUser::find(parts, &state.accounts).await.map(Self)
    }
}

/// The user who has signed in, if somebody has, for endpoints that want nothing else of the session.
pub struct SignedIn(pub Option<User>);

impl SignedIn {
    /// Looks the user up by the session cookie.
    ///
    /// # Errors
    /// If session or user cannot be read: then the visitor is neither known nor unknown.
    pub async fn find(headers: &HeaderMap, state: &AppState) -> Result<Self, StorageError> {
        let user = match session::user_id(&state.sessions, headers).await? {
            Some(id) => store::user_by_id(state.accounts.database.read(), &id).await?,
            None => None,
        };
        Ok(Self(user))
    }
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        Ok(Self::find(&parts.headers, state).await?)
    }
}
