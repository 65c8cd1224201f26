//! The ID of a request: in all lines of the log that belong to it, in the response, and on the page of a problem.

use std::net::SocketAddr;

use axum::{
    extract::ConnectInfo,
    http::{HeaderName, Request},
};

use super::TrustedProxies;
use crate::random;

pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_LENGTH: usize = 64;

/// The ID that a trusted proxy has sent, so that its log and ours can be compared, or else a new one. A client
/// cannot choose the ID: it could make its requests look like those of another.
pub(super) fn request_id<B>(request: &Request<B>, proxies: &TrustedProxies) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let from_proxy = peer.is_some_and(|peer| proxies.contains(peer.0.ip()));
    let sent = from_proxy.then(|| sent(request)).flatten();
    sent.map_or_else(random::uid, str::to_owned)
}

/// The ID in the header, if there is one and it can be written into a line of the log.
fn sent<B>(request: &Request<B>) -> Option<&str> {
    let mut values = request.headers().get_all(REQUEST_ID).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:=+/".contains(&byte);
    let id = value.to_str().ok()?;
    ((1..=MAX_LENGTH).contains(&id.len()) && id.bytes().all(is_plain)).then_some(id)
}
