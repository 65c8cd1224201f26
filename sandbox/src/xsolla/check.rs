//! The checks of `POST /token/validate`: whether the project issues user JWTs like this one.

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::Value;

use super::personas::Persona;
use super::settings::Signature;
use super::state::Xsolla;
use super::user_token::ISSUER;
use crate::jwt::Token;

/// The claims that are checked, each in the type that the vendor documents; times are Unix seconds.
#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    /// The project's tokens have no audience.
    #[serde(default)]
    aud: Vec<Value>,
    iat: u64,
    exp: u64,
    nbf: Option<u64>,
    xsolla_login_project_id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    /// Users of social networks have none.
    #[serde(rename = "email")]
    _email: Option<String>,
    jti: Option<String>,
}

impl Claims {
    fn are_valid(&self, project_id: &str, now: u64) -> bool {
        self.iss == ISSUER
            && self.xsolla_login_project_id == project_id
            && self.aud.is_empty()
            && self.iat <= now
            && self.nbf.is_none_or(|nbf| nbf <= now)
            && now < self.exp
            && (self.kind.as_deref() != Some("oauth") || self.jti.is_some())
    }
}

/// The user of a token, if the project has signed it and it has not expired.
pub(super) fn check(xsolla: &Xsolla, token: &str) -> Option<&'static Persona> {
    let claims = match xsolla.settings().signature {
        Signature::Hs256 => {
            let token = Token::read(token, Algorithm::HS256).ok()?;
            token.verify(&xsolla.secret().hmac_key().ok()?).ok()?
        }
        Signature::Rs256 => {
            let token = Token::read(token, Algorithm::RS256).ok()?;
            let mut keys = xsolla.listed_keys().ok()?.into_iter();
            let key = keys.find(|key| token.header("kid") == Some(&key.kid()))?;
            token.verify(&key.decoding()).ok()?
        }
    };
    let claims: Claims = serde_json::from_value(claims.into()).ok()?;
    let is_good = claims.are_valid(xsolla.project_id(), xsolla.now());
    Persona::find(&claims.sub).filter(|_| is_good)
}
