//! Apple: <https://developer.apple.com/documentation/signinwithapplerestapi>.
//!
//! The client secret is a JWT signed with a key from Apple's console. Apple sends the response as a form
//! post, since name and email address are requested; the name comes only in the response to the first
//! sign-in.

use std::sync::Arc;

use anyhow::Context;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::parts::issuer;
use crate::{
    clock::Timestamp,
    config::{HttpConfig, Source},
    oauth::{
        oidc::{ClientSecretSource, OidcConfig},
        provider::ProviderConfig,
    },
};

const ISSUER: &str = "https://appleid.apple.com";

/// Lifetime of the client secret, which is made for one exchange. Apple accepts up to six months.
const SECRET_SECONDS: i64 = 5 * 60;

/// `OAUTH_APPLE_CLIENT_ID` (the Services ID), `OAUTH_APPLE_TEAM_ID`, `OAUTH_APPLE_KEY_ID` and
/// `OAUTH_APPLE_PRIVATE_KEY`, the content of the downloaded `.p8` file (or `OAUTH_APPLE_PRIVATE_KEY_FILE`).
/// `OAUTH_APPLE_ISSUER` is for tests.
pub(super) fn from_source(source: &Source, http: &HttpConfig) -> Option<Arc<dyn ProviderConfig>> {
    let client_id = source.text("OAUTH_APPLE_CLIENT_ID");
    let private_key = source.secret("OAUTH_APPLE_PRIVATE_KEY");
    if client_id.is_none() && private_key.is_none() {
        return None;
    }
    let together = "be set together with the other OAUTH_APPLE_ variables";
    let client_id = client_id.unwrap_or_else(|| source.required("OAUTH_APPLE_CLIENT_ID", together));
    let key = SigningKey {
        client_id: client_id.clone(),
        team_id: source.required("OAUTH_APPLE_TEAM_ID", together),
        key_id: source.required("OAUTH_APPLE_KEY_ID", together),
        pem: private_key
            .map(|key| key.expose_secret().to_owned())
            .unwrap_or_default(),
    };
    if EncodingKey::from_ec_pem(key.pem.as_bytes()).is_err() {
        source.problem(
            "OAUTH_APPLE_PRIVATE_KEY",
            "must be the text of the .p8 file from Apple's console",
        );
    }
    let url = source
        .text("OAUTH_APPLE_ISSUER")
        .unwrap_or_else(|| ISSUER.to_owned());
    let secret =
        ClientSecretSource::Signed(client_secret, serde_json::to_string(&key).ok()?.into());
    Some(Arc::new(OidcConfig {
        scopes: ["name", "email"].map(str::to_owned).to_vec(),
        form_post: true,
        ..OidcConfig::new(
            "apple",
            "Apple",
            issuer(source, "OAUTH_APPLE_ISSUER", &url, http)?,
            (client_id, secret),
        )
    }))
}

/// What the client secret is made from. Itself secret, since it contains the private key.
#[derive(Deserialize, Serialize)]
struct SigningKey {
    client_id: String,
    team_id: String,
    key_id: String,
    pem: String,
}

/// The claims of the client secret; see "Creating a client secret" in Apple's documentation.
#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    iat: i64,
    exp: i64,
    aud: &'static str,
    sub: &'a str,
}

fn client_secret(key: &SecretString, now: Timestamp) -> anyhow::Result<SecretString> {
    let key: SigningKey = serde_json::from_str(key.expose_secret())?;
    let now = now.0 / 1000;
    let claims = Claims {
        iss: &key.team_id,
        iat: now,
        exp: now + SECRET_SECONDS,
        aud: ISSUER,
        sub: &key.client_id,
    };
    let header = Header {
        kid: Some(key.key_id.clone()),
        ..Header::new(Algorithm::ES256)
    };
    let signing = EncodingKey::from_ec_pem(key.pem.as_bytes()).context("the key cannot be used")?;
    Ok(encode(&header, &claims, &signing)?.into())
}
