//! The shapes of credentials.

use super::{exchange::Exchange, scope::Source, seal::Seal, token::Token};

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

impl Shape {
    /// Whether what is signed or sent uses such a source.
    pub(super) fn uses(&self, is_one: fn(&Source) -> bool) -> bool {
        match self {
            Self::Jwt(token) => token.uses(is_one),
            Self::Seal(seal) => seal.uses(is_one),
            Self::Exchange(exchange) => exchange.uses(is_one),
        }
    }
}
