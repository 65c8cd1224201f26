//! `GET /latchkey.js` and `/latchkey.mjs`: the opener's side of the hand-off and what any vendor's widget uses, with
//! this deployment's origin, domain and cookie names filled in.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderName, HeaderValue,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use tower::util::MapRequestLayer;

use crate::{config::HttpConfig, web::http::note_file};

/// The two parts of the script without comments and indentation, as `build.rs` writes them.
const OPENER: &str = include_str!(concat!(env!("OUT_DIR"), "/latchkey.js"));
const WIDGET: &str = include_str!(concat!(env!("OUT_DIR"), "/widget.js"));
const TYPES: &str = include_str!("latchkey.d.ts");
const MODULE_TYPES: &str = include_str!("latchkey.d.mts");

/// Appended to the script to make it a module.
const EXPORTS: &str =
    "\nexport const { signIn, signOut, on, widget } = Latchkey;\nexport default Latchkey;\n";

/// The script and the module, as this deployment serves them.
#[derive(Clone, Debug)]
pub struct OpenerScript(Arc<Served>);

#[derive(Debug)]
struct Served {
    script: Bytes,
    module: Bytes,
}

impl OpenerScript {
    /// Fills in the login's origin, the domain of the cookies and the prefix of their names. Without a vendor of chat
    /// boxes, which has that prefix, the script is only the part for widgets.
    pub fn new(config: &HttpConfig, cookie_prefix: Option<&str>) -> Self {
        let opener = cookie_prefix.map(|prefix| {
            let script = OPENER.replace("__COOKIE_PREFIX__", prefix);
            script.replace("__COOKIE_DOMAIN__", &config.cookie_domain) + "\n"
        });
        let script = (opener.unwrap_or_default() + WIDGET)
            .replace("__LOGIN_ORIGIN__", config.login_origin.as_str());
        Self(Arc::new(Served {
            module: (script.clone() + EXPORTS).into(),
            script: script.into(),
        }))
    }
}

/// Routes for the script, the module, and their types. Pages of other origins load them, so
/// `Cross-Origin-Resource-Policy` is `cross-origin`.
pub fn script_routes<S: Clone + Send + Sync + 'static>(script: OpenerScript) -> Router<S> {
    Router::new()
        .route("/latchkey.js", get(serve))
        .route("/latchkey.mjs", get(serve_module))
        .route("/latchkey.d.ts", get(async || types(TYPES)))
        .route("/latchkey.d.mts", get(async || types(MODULE_TYPES)))
        .layer(MapRequestLayer::new(note_file))
        .with_state(script)
}

async fn serve(State(OpenerScript(served)): State<OpenerScript>) -> Response {
    with_headers(
        "text/javascript; charset=utf-8",
        served.script.clone().into_response(),
    )
}

/// Browsers only load modules from other origins by CORS.
async fn serve_module(State(OpenerScript(served)): State<OpenerScript>) -> Response {
    let mut response = with_headers(
        "text/javascript; charset=utf-8",
        served.module.clone().into_response(),
    );
    let any_origin = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, any_origin);
    response
}

fn types(text: &'static str) -> Response {
    with_headers("text/plain; charset=utf-8", text.into_response())
}

fn with_headers(kind: &'static str, mut response: Response) -> Response {
    let corp = HeaderName::from_static("cross-origin-resource-policy");
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    headers.insert(corp, HeaderValue::from_static("cross-origin"));
    response
}
