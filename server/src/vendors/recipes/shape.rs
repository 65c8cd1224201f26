//! The shapes of credentials.

use super::{exchange::Exchange, seal::Seal, token::Token};

/// What is made of the values.
#[derive(Debug)]
pub(super) enum Shape {
    /// A signed token.
    Jwt(Token),
    /// Codes for values, or for a payload that goes with them.
    Seal(Seal),
    /// What the vendor gives for a request.
    Exchange(Exchange),
}
