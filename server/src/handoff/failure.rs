//! Why there is no credential to hand over.

use app::model::HandoffFailure;

use crate::limits::RateLimited;

/// Why there is no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The vendor is down, too slow, or its response is malformed.
    Unavailable,
    /// The vendor gives this user none, or what was brought for it is not good. What is wrong with a code is not told.
    Refused,
    /// There were too many requests.
    RateLimited(RateLimited),
    SignedOut,
    /// The user's address is not confirmed, or the user has not agreed.
    Forbidden,
}

/// In the words of the popup's last page.
impl From<Failure> for HandoffFailure {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unavailable => Self::Unavailable,
            Failure::Refused => Self::Rejected,
            Failure::RateLimited(_) => Self::Limited,
            Failure::SignedOut => Self::SignedOut,
            Failure::Forbidden => Self::Forbidden,
        }
    }
}
