//! A response larger than a client should read.

use std::convert::Infallible;
use std::iter::{once, repeat_n};

use axum::body::{Body, Bytes};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

static CHUNK: [u8; 64 * 1024] = [b'x'; 64 * 1024];
/// 32 MiB of padding.
const CHUNKS: usize = 512;

/// Many megabytes of valid JSON without a `Content-Length`: `head`, padding, `tail`.
pub(crate) fn oversized_json(head: impl Into<Bytes>, tail: &'static str) -> Response {
    let padding = repeat_n(Bytes::from_static(&CHUNK), CHUNKS);
    let chunks = once(head.into())
        .chain(padding)
        .chain(once(Bytes::from_static(tail.as_bytes())));
    let body = Body::from_stream(stream::iter(chunks.map(Ok::<_, Infallible>)));
    ([(CONTENT_TYPE, "application/json")], body).into_response()
}
