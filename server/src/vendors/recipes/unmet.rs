//! Why a recipe makes no credential.

/// A condition of the recipe that this request or this user does not meet. Names values, never shows them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unmet {
    /// A value that the vendor needs is missing.
    #[error("{0} is missing")]
    Missing(String),
    /// The user's value has another form than the vendor accepts.
    #[error("{0} does not fit")]
    Misfit(String),
    /// A parameter of the request is missing or not allowed.
    #[error("the parameter {0} is missing or not allowed")]
    Param(String),
    /// The credential is longer than the vendor accepts.
    #[error("the credential is too long")]
    TooLong,
}
