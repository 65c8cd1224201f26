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

    /// The size of its hash in bytes.
    pub(super) fn hash_size(&self) -> usize {
        match self.algorithm {
            Algorithm::HS384 => 48,
            Algorithm::HS512 => 64,
            _ => 32,
        }
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

    /// Whether a token always says when it expires, in seconds or, for vendors that count so, in milliseconds.
    pub(super) fn expires(&self) -> bool {
        let exp = self.claims.field("exp");
        exp.is_some_and(|exp| exp.is_moment(&Source::Expires))
    }

    /// Whether a token says that this server has made it and for whom, which neither user nor request decides.
    pub(super) fn names_both_sides(&self) -> bool {
        let (issuer, audience) = (self.claims.field("iss"), self.claims.field("aud"));
        issuer.is_some_and(|issuer| issuer.is_always(&Source::Issuer))
            && audience.is_some_and(|audience| {
                !audience.is_optional()
                    && !audience.uses(|source| !matches!(source, Source::Setting(_)))
            })
    }

    /// The claim `aud`, as JSON.
    pub(super) fn audience(&self, facts: &Facts<'_>) -> Option<String> {
        let audience = self.claims.field("aud")?.evaluate(facts).ok()??;
        Some(audience.to_string())
    }

    /// Whether a claim uses such a source.
    pub(super) fn uses(&self, is_one: impl Fn(&Source) -> bool) -> bool {
        self.claims.uses(is_one)
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
