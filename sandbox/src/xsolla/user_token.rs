//! The user JWT (<https://developers.xsolla.com/login-api/jwt-structure>), valid or with a fault.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::sign;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};

use super::keys::SigningKey;
use super::personas::Persona;
use super::settings::Signature;
use super::state::Xsolla;
use super::token_faults::TokenFault;

/// The `iss` of every user JWT, wherever the API runs.
pub(super) const ISSUER: &str = "https://login.xsolla.com";
/// The merchant that owns the project.
const PUBLISHER: u32 = 136_593;
const ANOTHER_SECRET: &str = "another-project's-secret-not-for-production";

/// How the user signed in.
pub(super) enum Flow<'a> {
    /// JWT flow: the token is in the callback's query, and repeats the host's `payload`.
    Jwt { payload: Option<&'a str> },
    /// OAuth 2.0 flow: the token is the access token.
    OAuth,
}

/// The claims of a user JWT that is issued now.
pub(super) fn claims(
    xsolla: &Xsolla,
    persona: &Persona,
    flow: &Flow,
) -> anyhow::Result<Map<String, Value>> {
    let (settings, now) = (xsolla.settings(), xsolla.now());
    let mut claims = persona.claims(xsolla.public_url());
    let own = json!({
        "iss": ISSUER,
        "iat": now,
        "exp": now + u64::from(settings.lifetime_seconds),
        "groups": [{ "id": 1, "name": "default", "is_default": true }],
        "xsolla_login_project_id": xsolla.project_id(),
        "publisher_id": PUBLISHER,
        "promo_email_agreement": false,
    });
    let of_flow = match flow {
        Flow::Jwt { payload: None } => json!({}),
        Flow::Jwt { payload } => json!({ "payload": payload }),
        Flow::OAuth => json!({ "jti": uuid()?, "aud": [], "scp": ["offline"] }),
    };
    for part in [own, of_flow] {
        if let Value::Object(part) = part {
            claims.extend(part);
        }
    }
    Ok(claims)
}

/// Signs the claims as the project does, with the fault that is switched on.
pub(super) fn sign_claims(
    xsolla: &Xsolla,
    mut claims: Map<String, Value>,
) -> anyhow::Result<String> {
    let settings = xsolla.settings();
    let fault = settings.token_fault;
    fault.spoil(&mut claims);
    let signature = match fault {
        TokenFault::UnknownKid => Signature::Rs256,
        TokenFault::PublicKeyAsSecret => Signature::Hs256,
        _ => settings.signature,
    };
    let (mut header, key, algorithm) = match signature {
        Signature::Hs256 => {
            let header = json!({ "alg": "HS256", "typ": "JWT" });
            let key = match fault {
                TokenFault::Stranger => secret_key(ANOTHER_SECRET)?,
                TokenFault::PublicKeyAsSecret => secret_key(&xsolla.signing_key()?.public_pem()?)?,
                _ => secret_key(xsolla.secret().reveal())?,
            };
            (header, key, Algorithm::HS256)
        }
        Signature::Rs256 => {
            let own = xsolla.signing_key()?;
            let header = json!({ "alg": "RS256", "kid": own.kid(), "typ": "JWT" });
            let key = match fault {
                TokenFault::Stranger => SigningKey::unlisted()?.encoding()?,
                _ => own.encoding()?,
            };
            (header, key, Algorithm::RS256)
        }
    };
    match fault {
        TokenFault::AlgNone => header["alg"] = "none".into(),
        TokenFault::UnknownKid => header["kid"] = "unknown".into(),
        _ => {}
    }
    let message = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(header.to_string()),
        URL_SAFE_NO_PAD.encode(fault.write(claims))
    );
    let signature = match fault {
        TokenFault::AlgNone => String::new(),
        TokenFault::SignatureBroken => altered(&sign(message.as_bytes(), &key, algorithm)?),
        _ => sign(message.as_bytes(), &key, algorithm)?,
    };
    Ok(format!("{message}.{signature}"))
}

fn secret_key(secret: &str) -> anyhow::Result<EncodingKey> {
    Ok(EncodingKey::from_secret(secret.as_bytes())?)
}

fn altered(signature: &str) -> String {
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{first}{}", &signature[1..])
}

/// A random UUID (RFC 9562, section 5.4).
fn uuid() -> anyhow::Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hexadecimal: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &hexadecimal[range]);
    Ok(parts.join("-"))
}
