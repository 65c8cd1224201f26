//! What vendors know about the people who chat: support staff look a visitor up there and find the account here.

use std::fmt;

use async_trait::async_trait;
use axum::http::StatusCode;

/// A vendor's list of visitors.
#[async_trait]
pub trait VisitorDirectory: fmt::Debug + Send + Sync {
    /// Our name of the vendor, as links are stored under it.
    fn name(&self) -> &'static str;

    /// Its display name.
    fn label(&self) -> &'static str;

    /// The visitor with the vendor's id; none if there is no such visitor.
    ///
    /// # Errors
    /// [`DirectoryError`].
    async fn visitor(&self, id: &str) -> Result<Option<VendorVisitor>, DirectoryError>;
}

/// A visitor as the vendor shows them. Only `external_id` is verified, since it comes from a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorVisitor {
    /// The vendor's own.
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The day on which the vendor first saw them, as an ISO date.
    pub since: Option<String>,
    /// The id that we have told the vendor; none for anonymous visitors.
    pub external_id: Option<String>,
}

/// Why a visitor cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Our token is not taken, or may not read.
    #[error("the vendor does not accept the token of its API ({0})")]
    Unauthorized(StatusCode),
    /// Down, too slow, or its response is malformed.
    #[error("the vendor cannot be used: {0:#}")]
    Unavailable(#[source] anyhow::Error),
}

impl DirectoryError {
    /// Whatever it is that went wrong.
    pub fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(error.into())
    }
}
