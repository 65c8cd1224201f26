//! The keys with which backends verify tokens of this server, for those that trust an issuer instead of sharing a
//! secret: `GET /.well-known/jwks.json` (RFC 7517) and a discovery document that leads to it.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    http::{HeaderName, HeaderValue, header::CACHE_CONTROL},
    routing::get,
};
use jsonwebtoken::{Algorithm, jwk::Jwk};
use serde_json::{Value, json};

use super::{
    issuer::Issuer,
    key::{KeyUse, public_key},
    recipe::Recipe,
    shape::Shape,
};

const KEYS: &str = "/.well-known/jwks.json";
const DISCOVERY: &str = "/.well-known/openid-configuration";

/// Backends ask again at the latest after this time, so a new key is known before it signs if it was published as
/// the next one before.
const CACHED: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// Recipes with the server's own key, with the key that will replace it.
#[derive(Clone, Debug)]
pub(super) struct Published {
    /// The login's origin.
    pub(super) issuer: String,
    pub(super) next: Option<Jwk>,
}

/// The algorithm of a recipe whose key is published.
pub(super) fn algorithm(recipe: &Recipe) -> Option<Algorithm> {
    match &recipe.shape {
        Shape::Jwt(token) if recipe.key.is_published() => Some(token.algorithm),
        _ => None,
    }
}

/// `GET /.well-known/jwks.json`, `GET /.well-known/openid-configuration`.
pub(super) fn routes(published: Published, issuers: impl Iterator<Item = Issuer>) -> Router {
    let issuers = issuers.filter(|issuer| issuer.recipe.key.is_published());
    let issuers = issuers.collect();
    Router::new()
        .route(KEYS, get(keys))
        .route(DISCOVERY, get(discovery))
        .with_state(Arc::new((published, issuers)))
}

type PublishedKeys = State<Arc<(Published, Vec<Issuer>)>>;

type Cached = ([(HeaderName, HeaderValue); 1], Json<Value>);

async fn keys(State(state): PublishedKeys) -> Cached {
    let (published, issuers) = &*state;
    let mut keys: Vec<Jwk> = Vec::new();
    for issuer in issuers {
        let key = issuer.key();
        if let (Some(algorithm), KeyUse::Token(signer)) = (algorithm(&issuer.recipe), &key.use_) {
            keys.extend(public_key(signer, algorithm));
        }
    }
    keys.extend(published.next.clone());
    keys.dedup();
    ([(CACHE_CONTROL, CACHED)], Json(json!({ "keys": keys })))
}

async fn discovery(State(state): PublishedKeys) -> Cached {
    let issuer = &state.0.issuer;
    let document = json!({ "issuer": issuer, "jwks_uri": format!("{issuer}{KEYS}") });
    ([(CACHE_CONTROL, CACHED)], Json(document))
}
