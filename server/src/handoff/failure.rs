//! Why a hand-off failed.

use app::model::HandoffFailure;

use crate::limits::RateLimited;

/// Why there is no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The vendor is off, down or too slow, or its response is malformed; or this server failed.
    Unavailable,
    /// The vendor issues no credential for this user, or the request or its code is not valid. The response
    /// does not say what is wrong with a code.
    Rejected,
    /// The browser could not keep the vendor's credential, which is longer than a cookie may be.
    TooLong,
    RateLimited(RateLimited),
    SignedOut,
    /// The user's address is not verified, the user has not agreed, or the page's origin is not allowed.
    Forbidden,
}

/// As the popup's last page explains it.
impl From<Failure> for HandoffFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable => Self::Unavailable,
            Failure::Rejected => Self::Rejected,
            Failure::TooLong => Self::TooLong,
            Failure::RateLimited(_) => Self::Limited,
            Failure::SignedOut => Self::SignedOut,
            Failure::Forbidden => Self::Forbidden,
        }
    }
}
