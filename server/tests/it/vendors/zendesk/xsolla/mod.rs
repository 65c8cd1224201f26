//! Users of Xsolla Login, who become visitors by the token in the cookie `token`.

mod admin;
mod bad_tokens;
mod keys;
mod session_ends;
mod tokens;
mod users;

/// The subject of Dana's account at Xsolla.
const DANA_AT_XSOLLA: &str = "a3c1f0de-5b7c-4d19-9e52-6f0b8a7d4c21";
