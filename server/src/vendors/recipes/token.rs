//! The shape `jwt`: a signed token.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::Algorithm;

use super::{
    document::Table,
    facts::Facts,
    json::Json,
    scope::{Scope, Source},
    unmet::Unmet,
    value::Object,
};

/// The algorithms, by their names in a header (RFC 7518, section 3.1, and RFC 8037).
pub(super) const ALGORITHMS: [(&str, Algorithm); 9] = [
    ("HS256", Algorithm::HS256),
    ("HS384", Algorithm::HS384),
    ("HS512", Algorithm::HS512),
    ("RS256", Algorithm::RS256),
    ("RS384", Algorithm::RS384),
    ("RS512", Algorithm::RS512),
    ("ES256", Algorithm::ES256),
    ("ES384", Algorithm::ES384),
    ("EdDSA", Algorithm::EdDSA),
];

/// A token's header and claims, both in their order.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) algorithm: Algorithm,
    header: Object,
    claims: Object,
}

impl Token {
    pub(super) fn read(table: &Table<'_>, scope: &Scope) -> Option<Self> {
        let constants = scope.constants();
        let header = table.required("header").and_then(|node| node.table());
        let algorithm = header.as_ref().and_then(|header| {
            let node = header.required("alg")?;
            node.one_of(&ALGORITHMS)
        });
        let header = header.and_then(|header| Object::read(&header, &constants));
        let claims = table.required("claims").and_then(|node| node.table());
        let claims = claims.and_then(|claims| Object::read(&claims, scope));
        Some(Self {
            algorithm: algorithm?,
            header: header?,
            claims: claims?,
        })
    }

    /// Whether its key is a secret that the vendor has, too.
    pub(super) fn is_shared(&self) -> bool {
        matches!(
            self.algorithm,
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512
        )
    }

    pub(super) fn is_rsa(&self) -> bool {
        matches!(
            self.algorithm,
            Algorithm::RS256 | Algorithm::RS384 | Algorithm::RS512
        )
    }

    /// A private key of no one.
    pub(super) fn sample_key(&self) -> &'static str {
        match self.algorithm {
            Algorithm::ES256 => include_str!("../../signing/samples/p256.pem"),
            Algorithm::ES384 => include_str!("../../signing/samples/p384.pem"),
            Algorithm::EdDSA => include_str!("../../signing/samples/ed25519.pem"),
            _ => include_str!("../../signing/samples/rsa.pem"),
        }
    }

    /// Whether a token always says when it expires.
    pub(super) fn expires(&self) -> bool {
        let exp = self.claims.field("exp");
        exp.is_some_and(|exp| !exp.is_optional() && exp.uses(Source::is_expiry))
    }

    /// Whether a token always says who has made it and for whom.
    pub(super) fn names_both_sides(&self) -> bool {
        ["iss", "aud"].iter().all(|name| {
            let claim = self.claims.field(name);
            claim.is_some_and(|claim| !claim.is_optional())
        })
    }

    /// Header and claims, the header in base64url.
    ///
    /// # Errors
    /// [`Unmet`].
    pub(super) fn parts(&self, facts: &Facts<'_>) -> Result<(String, Json), Unmet> {
        let header = Json::Object(self.header.members(facts)?).to_string();
        let claims = Json::Object(self.claims.members(facts)?);
        Ok((URL_SAFE_NO_PAD.encode(header), claims))
    }

    /// Header and claims, to be shown to a person.
    ///
    /// # Errors
    /// [`Unmet`].
    pub(super) fn shown(&self, facts: &Facts<'_>) -> Result<[Json; 2], Unmet> {
        let header = Json::Object(self.header.members(facts)?);
        Ok([header, Json::Object(self.claims.members(facts)?)])
    }
}
