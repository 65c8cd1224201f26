//! Serves the files of the build: styles, scripts, wasm, vendors' SDKs.

mod files;

use std::hash::{DefaultHasher, Hasher};

use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            VARY,
        },
    },
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::task::spawn_blocking;
use tower::util::MapRequestLayer;

use super::http::note_file;

pub use files::Files;

/// The kinds of files that are served, by the ending of their names.
const KINDS: [(&str, &str); 4] = [
    (".css", "text/css; charset=utf-8"),
    (".js", "text/javascript; charset=utf-8"),
    (".svg", "image/svg+xml"),
    (".wasm", "application/wasm"),
];

/// The codings in which the build has compressed copies, the best first, and the endings of their names.
const CODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// The files of the build. Those below `/pkg` have a hash in their names and never change.
pub(super) fn routes<S: Clone + Send + Sync + 'static>(files: &Files) -> Router<S> {
    let hourly = ["/favicon.svg", "/showcase.js", "/site.js", "/viewer.js"];
    let router = hourly.into_iter().fold(Router::new(), |router, path| {
        let file = async move |State(files): State<Files>, headers: HeaderMap| {
            respond(files, &path[1..], &headers, "public, max-age=3600").await
        };
        router.route(path, get(file))
    });
    let pkg = folder_routes("pkg", "public, max-age=31536000, immutable");
    with_files(router.merge(pkg), files)
}

/// The bundled SDKs of vendors.
pub(super) fn sdk_routes<S: Clone + Send + Sync + 'static>(files: &Files) -> Router<S> {
    with_files(folder_routes("sdk", "no-cache"), files)
}

fn with_files<S: Clone + Send + Sync + 'static>(router: Router<Files>, files: &Files) -> Router<S> {
    let noted = router.layer(MapRequestLayer::new(note_file));
    noted.with_state(files.clone())
}

fn folder_routes(name: &'static str, cache: &'static str) -> Router<Files> {
    let file =
        async move |State(files): State<Files>, Path(path): Path<String>, headers: HeaderMap| {
            respond(files, &format!("{name}/{path}"), &headers, cache).await
        };
    Router::new().route(&format!("/{name}/{{*path}}"), get(file))
}

/// The file, or its compressed copy if there is one that the client accepts.
async fn respond(
    files: Files,
    path: &str,
    headers: &HeaderMap,
    cache: &'static str,
) -> Result<Response, StatusCode> {
    let kind = KINDS.iter().find(|(ending, _)| path.ends_with(ending));
    let (_, kind) = kind.ok_or(StatusCode::NOT_FOUND)?;
    let mut candidates: Vec<_> = CODINGS
        .into_iter()
        .filter(|(coding, _)| accepts(headers, coding))
        .map(|(coding, ending)| (Some(coding), format!("{path}{ending}")))
        .collect();
    candidates.push((None, path.to_owned()));
    // It may wait for a disk.
    let found = spawn_blocking(move || {
        candidates
            .into_iter()
            .find_map(|(coding, path)| Some((coding, files.read(&path)?)))
    });
    let (coding, content) = found.await.ok().flatten().ok_or(StatusCode::NOT_FOUND)?;
    let etag = etag(&content);
    let general = [
        (CACHE_CONTROL, cache),
        (VARY, "accept-encoding"),
        (ETAG, &etag),
    ];
    let known = headers
        .get(IF_NONE_MATCH)
        .and_then(|known| known.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|known| known.trim() == etag)) {
        return Ok((StatusCode::NOT_MODIFIED, general).into_response());
    }
    let coding = coding.map(|coding| [(CONTENT_ENCODING, coding)]);
    Ok((general, [(CONTENT_TYPE, *kind)], coding, content).into_response())
}

/// Identifies a content. Weak, since the server may yet compress the response.
fn etag(content: &[u8]) -> String {
    let mut hash = DefaultHasher::new();
    hash.write(content);
    format!("W/\"{:016x}\"", hash.finish())
}

/// Whether the client accepts a coding.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let values = headers.get_all(ACCEPT_ENCODING).into_iter();
    let entries = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    entries
        .map(|entry| entry.split(';').map(str::trim))
        .any(|mut parts| {
            let named = parts
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case(coding));
            named && !parts.any(is_zero)
        })
}

/// Whether a parameter such as `q=0` rules its coding out.
fn is_zero(parameter: &str) -> bool {
    let quality = parameter.strip_prefix("q=");
    quality.is_some_and(|quality| quality.parse() == Ok(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coding_is_used_only_if_it_is_accepted() {
        for (header, brotli) in [
            ("gzip, deflate, br, zstd", true),
            ("BR", true),
            ("br;q=0.5", true),
            ("br; q=0", false),
            ("br;q=0.000", false),
            ("gzip", false),
            ("brotli", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(ACCEPT_ENCODING, header.parse().unwrap())]);
            assert_eq!(accepts(&headers, "br"), brotli, "{header:?}");
        }
        assert!(!accepts(&HeaderMap::new(), "br"));
    }
}
