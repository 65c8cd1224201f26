//! `GET /latchkey.js`: the opener's side of the hand-off, with this deployment's names filled in.

use axum::{
    Router,
    extract::State,
    http::{HeaderName, HeaderValue, header},
    response::IntoResponse,
    routing::get,
};

use crate::config::HttpConfig;

const SCRIPT: &str = include_str!("latchkey.js");
const TYPES: &str = include_str!("latchkey.d.ts");

/// The script as this deployment serves it.
#[derive(Clone, Debug)]
pub struct OpenerScript(String);

impl OpenerScript {
    /// Fills in the login's origin, the domain of the cookies and the beginning of their names.
    pub fn new(config: &HttpConfig, cookie_prefix: &str) -> Self {
        let script = SCRIPT
            .replace("__LOGIN_ORIGIN__", config.login_origin.as_str())
            .replace("__COOKIE_DOMAIN__", &config.cookie_domain)
            .replace("__COOKIE_PREFIX__", cookie_prefix);
        Self(script)
    }
}

/// The script and its types. Pages of other origins load them, hence the resource policy.
pub fn script_routes<S: Clone + Send + Sync + 'static>(script: OpenerScript) -> Router<S> {
    Router::new()
        .route("/latchkey.js", get(serve))
        .route("/latchkey.d.ts", get(types))
        .with_state(script)
}

async fn serve(State(script): State<OpenerScript>) -> impl IntoResponse {
    (headers("text/javascript; charset=utf-8"), script.0)
}

async fn types() -> impl IntoResponse {
    (headers("text/plain; charset=utf-8"), TYPES)
}

fn headers(kind: &'static str) -> [(HeaderName, HeaderValue); 3] {
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=300"),
        ),
        (corp, HeaderValue::from_static("cross-origin")),
    ]
}
