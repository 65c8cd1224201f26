//! `GET /latchkey.js` and `/latchkey.mjs`: the opener's side of the hand-off, with this deployment's names filled in.

use std::sync::Arc;

use anyhow::Context;
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{
            ACCEPT_ENCODING, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING,
            CONTENT_TYPE, VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::get,
};
use brotli::enc::BrotliEncoderParams;

use crate::config::HttpConfig;

const SCRIPT: &str = include_str!("latchkey.js");
const TYPES: &str = include_str!("latchkey.d.ts");
const MODULE_TYPES: &str = include_str!("latchkey.d.mts");

/// What makes the script a module.
const EXPORTS: &str =
    "\nexport const { signIn, signOut, on } = Latchkey;\nexport default Latchkey;\n";

/// The script as this deployment serves it.
#[derive(Clone, Debug)]
pub struct OpenerScript(Arc<[Served; 2]>);

/// A text and its brotli form, made once with the best compression there is.
#[derive(Debug)]
struct Served {
    plain: Bytes,
    brotli: Bytes,
}

impl OpenerScript {
    /// Fills in the login's origin, the domain of the cookies and the beginning of their names.
    ///
    /// # Errors
    /// If it cannot be compressed.
    pub fn new(config: &HttpConfig, cookie_prefix: &str) -> anyhow::Result<Self> {
        let script = lean(SCRIPT)
            .replace("__LOGIN_ORIGIN__", config.login_origin.as_str())
            .replace("__COOKIE_DOMAIN__", &config.cookie_domain)
            .replace("__COOKIE_PREFIX__", cookie_prefix);
        let module = script.clone() + EXPORTS;
        Ok(Self(Arc::new([Served::new(script)?, Served::new(module)?])))
    }
}

impl Served {
    fn new(text: String) -> anyhow::Result<Self> {
        let parameters = BrotliEncoderParams {
            quality: 11,
            size_hint: text.len(),
            ..BrotliEncoderParams::default()
        };
        let mut brotli = Vec::new();
        brotli::BrotliCompress(&mut text.as_bytes(), &mut brotli, &parameters)
            .context("cannot compress latchkey.js")?;
        Ok(Self {
            plain: text.into(),
            brotli: brotli.into(),
        })
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let mut response = if takes_brotli(headers) {
            let encoding = [(CONTENT_ENCODING, HeaderValue::from_static("br"))];
            (encoding, self.brotli.clone()).into_response()
        } else {
            self.plain.clone().into_response()
        };
        let vary = HeaderValue::from_static("accept-encoding");
        response.headers_mut().insert(VARY, vary);
        response
    }
}

/// Without comments and indentation, which are for those who read the source.
fn lean(source: &str) -> String {
    let is_comment = |line: &str| ["//", "/*", "*"].iter().any(|mark| line.starts_with(mark));
    let lines = source.lines().map(str::trim);
    let code: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !is_comment(line))
        .collect();
    code.join("\n")
}

/// Whether brotli is welcome without reservation; the server's usual compression serves the others.
fn takes_brotli(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT_ENCODING).iter();
    accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim() == "br")
}

/// The script, the module, and their types. Pages of other origins load them, hence the resource policy.
pub fn script_routes<S: Clone + Send + Sync + 'static>(script: OpenerScript) -> Router<S> {
    Router::new()
        .route("/latchkey.js", get(serve))
        .route("/latchkey.mjs", get(serve_module))
        .route("/latchkey.d.ts", get(async || types(TYPES)))
        .route("/latchkey.d.mts", get(async || types(MODULE_TYPES)))
        .with_state(script)
}

async fn serve(State(script): State<OpenerScript>, headers: HeaderMap) -> Response {
    let [script, _] = &*script.0;
    with_headers("text/javascript; charset=utf-8", script.answer(&headers))
}

/// Browsers load modules of other origins by CORS only.
async fn serve_module(State(script): State<OpenerScript>, headers: HeaderMap) -> Response {
    let [_, module] = &*script.0;
    let mut response = with_headers("text/javascript; charset=utf-8", module.answer(&headers));
    let everybody = HeaderValue::from_static("*");
    response
        .headers_mut()
        .insert(ACCESS_CONTROL_ALLOW_ORIGIN, everybody);
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

#[cfg(test)]
mod tests;
