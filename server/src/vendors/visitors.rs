//! Vendors' lists of visitors: support staff look up a visitor there to find the account here.

use std::fmt;

use async_trait::async_trait;
use axum::http::StatusCode;

/// A vendor's list of visitors.
#[async_trait]
pub trait VisitorDirectory: fmt::Debug + Send + Sync {
    /// The vendor's name in the registry, under which its links are stored.
    fn name(&self) -> &'static str;

    /// Its display name.
    fn label(&self) -> &'static str;

    /// Fetches the visitor with this ID of the vendor's, if there is one.
    ///
    /// # Errors
    /// [`DirectoryError`].
    async fn visitor(&self, id: &str) -> Result<Option<VendorVisitor>, DirectoryError>;
}

/// A visitor as the vendor reports them. Only `external_id` is verified, since it comes from a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorVisitor {
    /// The vendor's ID of the visitor.
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// The day on which the vendor first saw the visitor, as an ISO 8601 date.
    pub since: Option<String>,
    /// The ID that we have told the vendor; `None` for anonymous visitors.
    pub external_id: Option<String>,
}

/// Why a visitor cannot be fetched.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// The vendor rejects our API token, or the token lacks the permission to read visitors.
    #[error("the vendor does not accept the API token ({0})")]
    Unauthorized(StatusCode),
    /// The vendor is down or too slow, or its response is malformed.
    #[error("the vendor cannot be used: {0:#}")]
    Unavailable(#[source] anyhow::Error),
}

impl DirectoryError {
    pub fn unavailable(error: impl Into<anyhow::Error>) -> Self {
        Self::Unavailable(error.into())
    }
}
