//! The endpoints of recipes. The user is that of the session; a request can only say what the recipe declares.

use std::{collections::BTreeMap, fmt, sync::Arc};

use axum::{
    Json as JsonBody, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, RawQuery, State},
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::get,
};
use serde_json::json;
use tokio::{sync::Semaphore, task::spawn_blocking};

use super::{
    exchange::Exchanger,
    facts::Random,
    issuer::{IssueError, Issuer, Order},
    json::Json,
    shape::Shape,
    unmet::Unmet,
};
use crate::{
    accounts::{Attributes, attributes_of},
    clock::{Clock, Timestamp},
    limits::MemoryLimiter,
    vendors::{
        access::{CredentialRequest, CredentialVendor, Denied, Endpoint, VendorServices},
        identity::VendorIdentity,
        vendor::Vendor,
    },
};

/// In bytes. Parameters are names of rooms and the like.
const MAX_BODY: usize = 8 * 1024;

/// One vendor by recipe.
pub(super) struct RecipeVendor {
    pub(super) issuer: Issuer,
    /// Permits for RSA signatures, which are made on blocking threads: two for each core, so that the next one is
    /// ready to start when one is done.
    pub(super) signers: Arc<Semaphore>,
    /// If the vendor makes the credential.
    pub(super) exchanger: Option<Exchanger>,
    pub(super) limiter: MemoryLimiter,
    pub(super) clock: Clock,
}

impl Vendor for RecipeVendor {
    fn self_test(&self) -> anyhow::Result<()> {
        self.issuer.self_test(self.clock.now())
    }
}

impl CredentialVendor for RecipeVendor {
    fn limiter(&self) -> &MemoryLimiter {
        &self.limiter
    }
}

impl fmt::Debug for RecipeVendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.issuer.recipe.name)
    }
}

/// A page posts, or gets, as its vendor's script does.
pub(super) fn routes(vendor: &Arc<RecipeVendor>, services: &VendorServices) -> Router {
    let recipe = &vendor.issuer.recipe;
    let mut router =
        Router::new().route(&recipe.credential_path(), get(credential).post(credential));
    if let Some(path) = &recipe.path {
        router = router.route(path, get(credential).post(credential));
    }
    router
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Endpoint::new(Arc::clone(vendor), services))
}

async fn credential(
    State(Endpoint { services, .. }): State<Endpoint<RecipeVendor>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    CredentialRequest { vendor, user }: CredentialRequest<RecipeVendor>,
    body: Bytes,
) -> Result<Response, Rejected> {
    let issuer = &vendor.issuer;
    let given = given(query.as_deref(), &headers, &body)?;
    let params = issuer.params(&given)?;
    let attributes = match issuer.recipe.attributes.is_empty() {
        true => Attributes::default(),
        false => attributes(&services, &user.external_id).await?,
    };
    let user_id = user.external_id.clone();
    let mut request = CredentialOrder {
        user,
        attributes,
        params,
        now: vendor.clock.now(),
        answers: BTreeMap::new(),
    };
    if let Some(answers) = vendor.exchange(&request).await? {
        request.answers = answers;
        services.still_signed_in(&headers, &user_id).await?;
    }
    let issued = match issuer.is_slow() {
        false => request.issue(issuer),
        true => {
            let _signer = vendor.signers.acquire().await.map_err(Denied::failed)?;
            let issuer = issuer.clone();
            let issue = spawn_blocking(move || request.issue(&issuer));
            issue.await.map_err(Denied::failed)?
        }
    };
    let Json::Object(mut fields) = issued? else {
        return Err(Denied::Failed.into());
    };
    if let Some(seconds) = issuer.recipe.expires_in() {
        fields.push(("expiresIn".to_owned(), Json::Whole(seconds)));
    }
    services.note_use(issuer.recipe.name, user_id, &headers);
    Ok(JsonBody(Json::Object(fields)).into_response())
}

/// What a request asks for.
struct CredentialOrder {
    user: VendorIdentity,
    attributes: Attributes,
    params: BTreeMap<String, Json>,
    now: Timestamp,
    answers: BTreeMap<String, String>,
}

impl CredentialOrder {
    fn issue(&self, issuer: &Issuer) -> Result<Json, IssueError> {
        self.with(|order| issuer.issue(order))
    }

    fn with<T>(&self, make: impl FnOnce(&Order<'_>) -> T) -> T {
        make(&Order {
            user: &self.user,
            attributes: &self.attributes,
            params: &self.params,
            now: self.now,
            random: &Random::default(),
            answers: &self.answers,
        })
    }
}

impl RecipeVendor {
    /// Asks the vendor, if it makes the credential.
    async fn exchange(
        &self,
        request: &CredentialOrder,
    ) -> Result<Option<BTreeMap<String, String>>, Rejected> {
        let recipe = &self.issuer.recipe;
        let prepared = request.with(|order| self.issuer.prepare(order))?;
        let (Shape::Exchange(exchange), Some(exchanger), Some(prepared)) =
            (&recipe.shape, &self.exchanger, prepared)
        else {
            return Ok(None);
        };
        let answers = exchanger.send(recipe.name, exchange, prepared).await;
        let answers = answers.map_err(|error| {
            tracing::warn!(vendor = recipe.name, %error, "a vendor has given no credential");
            Denied::Unavailable
        })?;
        Ok(Some(answers))
    }
}

async fn attributes(services: &VendorServices, user_id: &str) -> Result<Attributes, Denied> {
    let attributes = attributes_of(services.database().read(), user_id).await;
    attributes.map_err(|error| {
        tracing::error!(%error, "the attributes of a user cannot be read");
        Denied::Unavailable
    })
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
