//! Error pages.

/// An error page.
#[derive(Clone, Debug)]
pub struct ProblemPage {
    pub problem: Problem,
    /// What the user can quote, so that the lines of the log about this request are found.
    pub request_id: Option<String>,
}

/// Why there is an error page instead of the requested one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    UnknownChatBox,
    /// The opener's origin isn't on the chat box's list.
    OpenerNotAllowed,
    /// The request came from another site or an outdated page.
    Forbidden,
    BadRequest,
    TooLarge,
    /// A provider's response to a flow that this browser didn't start, or that has expired or was already used.
    SignInExpired,
    /// A provider's response in a browser without any cookie.
    NoCookies,
    TooManyRequests,
    Unavailable,
    Internal,
}
