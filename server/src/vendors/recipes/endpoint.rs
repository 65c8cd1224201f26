//! The endpoints of recipes. The user is that of the session; a request can only say what the recipe declares.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json as JsonBody, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get},
};
use serde_json::json;
use tokio::task::spawn_blocking;

use super::{
    Recipes,
    facts::Random,
    issuer::{IssueError, Issuer, Order},
    json::Json,
    unmet::Unmet,
};
use crate::vendors::{
    VendorServices,
    access::{CredentialRequest, Denied, Endpoint},
};

/// In bytes. Parameters are names of rooms and the like.
const MAX_BODY: usize = 8 * 1024;

/// The endpoints of all recipes.
pub(super) fn routes(recipes: &Arc<Recipes>, services: &VendorServices) -> Router {
    let endpoint = Endpoint::new(Arc::clone(recipes), services);
    let mut router = Router::new();
    for issuer in &recipes.issuers {
        router = router.route(&issuer.recipe.credential_path(), handler(issuer));
        if let Some(path) = &issuer.recipe.path {
            router = router.route(path, handler(issuer));
        }
    }
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(endpoint)
}

/// A page posts, or gets, as its vendor's script does.
fn handler(issuer: &Issuer) -> MethodRouter<Endpoint<Recipes>> {
    let issuer = issuer.clone();
    let answer = move |State(endpoint): State<Endpoint<Recipes>>,
                       RawQuery(query): RawQuery,
                       headers: HeaderMap,
                       request: CredentialRequest<Recipes>,
                       body: Bytes| {
        respond(issuer, endpoint.services, query, headers, request, body)
    };
    get(answer.clone()).post(answer)
}

async fn respond(
    issuer: Issuer,
    services: VendorServices,
    query: Option<String>,
    headers: HeaderMap,
    CredentialRequest { vendor, user }: CredentialRequest<Recipes>,
    body: Bytes,
) -> Result<Response, Rejected> {
    let given = given(query.as_deref(), &headers, &body)?;
    let params = issuer.params(&given)?;
    let recipe = Arc::clone(&issuer.recipe);
    let user_id = user.external_id.clone();
    let (now, is_slow) = (vendor.clock.now(), issuer.is_slow());
    let issue = move || {
        issuer.issue(&Order {
            user: &user,
            params: &params,
            now,
            random: &Random::default(),
        })
    };
    let issued = match is_slow {
        false => issue(),
        true => {
            let _signer = vendor.signers.acquire().await.map_err(Denied::failed)?;
            spawn_blocking(issue).await.map_err(Denied::failed)?
        }
    };
    let Json::Object(mut fields) = issued? else {
        return Err(Denied::Failed.into());
    };
    if let Some(seconds) = recipe.expires_in() {
        fields.push(("expiresIn".to_owned(), Json::Whole(seconds)));
    }
    services.note_use(recipe.name, user_id, &headers);
    Ok(JsonBody(Json::Object(fields)).into_response())
}

/// What a request says: its query, or the form or JSON object in its body. A name that occurs twice is an error,
/// since readers disagree on which one counts.
fn given(
    query: Option<&str>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<BTreeMap<String, String>, Rejected> {
    let kind = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok());
    let is_json = kind.is_some_and(|kind| kind.trim_start().starts_with("application/json"));
    let mut pairs = form(query.unwrap_or_default().as_bytes())?;
    match is_json {
        _ if body.is_empty() => {}
        true => pairs.extend(object(body)?),
        false => pairs.extend(form(body)?),
    }
    let mut given = BTreeMap::new();
    for (name, value) in pairs {
        if given.insert(name, value).is_some() {
            return Err(Rejected::Malformed);
        }
    }
    Ok(given)
}

fn form(text: &[u8]) -> Result<Vec<(String, String)>, Rejected> {
    serde_urlencoded::from_bytes(text).map_err(|_| Rejected::Malformed)
}

fn object(body: &[u8]) -> Result<Vec<(String, String)>, Rejected> {
    let object: crate::json::Object =
        serde_json::from_slice(body).map_err(|_| Rejected::Malformed)?;
    Ok(object.scalars())
}

/// Why a request gets no credential.
#[derive(Debug)]
enum Rejected {
    Denied(Denied),
    Unmet(Unmet),
    Malformed,
}

impl From<Denied> for Rejected {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<Unmet> for Rejected {
    fn from(unmet: Unmet) -> Self {
        Self::Unmet(unmet)
    }
}

impl From<IssueError> for Rejected {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::Unmet(unmet) => Self::Unmet(unmet),
            IssueError::Failed(error) => Self::Denied(Denied::failed(error)),
        }
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Denied(denied) => return denied.into_response(),
            Self::Malformed => (
                StatusCode::BAD_REQUEST,
                "the parameters cannot be read".to_owned(),
            ),
            Self::Unmet(unmet @ Unmet::Param(_)) => (StatusCode::BAD_REQUEST, unmet.to_string()),
            Self::Unmet(unmet) => (StatusCode::FORBIDDEN, unmet.to_string()),
        };
        (status, JsonBody(json!({ "error": text }))).into_response()
    }
}
