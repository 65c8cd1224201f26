//! What is known of a request while it is handled: its ID, from where it comes, its route, and whether its body is
//! awaited.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, MatchedPath},
    http::{HeaderMap, HeaderName, HeaderValue, Request, header::USER_AGENT},
};
use hyper::body::{Frame, SizeHint};

use super::{TrustedProxies, client::FORWARDED_FOR, request_id::request_id};
use crate::{audit::Requester, limits::network};

/// The progress of a request, in its extensions.
#[derive(Clone, Debug)]
pub(super) struct Progress(Arc<State>);

#[derive(Debug)]
struct State {
    id: String,
    peer: IpAddr,
    /// What a trusted proxy says of its client.
    forwarded: HeaderMap,
    proxies: TrustedProxies,
    user_agent: Option<HeaderValue>,
    awaits_body: AtomicBool,
    route: OnceLock<Route>,
}

/// What handles a request. Nothing of it is chosen by the client.
#[derive(Clone, Debug)]
pub(super) enum Route {
    /// A handler, with the pattern of its path.
    Pattern(MatchedPath),
    /// A file that is the same for everyone.
    File,
    /// A check of the server's health.
    Health,
    /// The server has no such path.
    Unknown,
}

impl Route {
    /// Its name in the log and in the metrics.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Pattern(path) => path.as_str(),
            Self::File => "file",
            Self::Health => "health",
            Self::Unknown => "none",
        }
    }

    /// Whether it concerns no user, and is requested so often that its lines would hide the others.
    pub(super) fn is_routine(&self) -> bool {
        matches!(self, Self::File | Self::Health)
    }
}

impl Progress {
    pub(super) fn of<B>(request: &Request<B>, proxies: &TrustedProxies) -> Self {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
        let mut forwarded = HeaderMap::new();
        if proxies.contains(peer) {
            for value in request.headers().get_all(FORWARDED_FOR) {
                forwarded.append(HeaderName::from_static(FORWARDED_FOR), value.clone());
            }
        }
        Self(Arc::new(State {
            id: request_id(request, proxies),
            peer,
            forwarded,
            proxies: proxies.clone(),
            user_agent: request.headers().get(USER_AGENT).cloned(),
            awaits_body: AtomicBool::new(false),
            route: OnceLock::new(),
        }))
    }

    /// Who has sent the request, for the audit log.
    pub(super) fn requester(&self) -> Arc<dyn Requester> {
        Arc::clone(&self.0) as Arc<dyn Requester>
    }

    /// The request's ID.
    pub(super) fn id(&self) -> &str {
        &self.0.id
    }

    /// What handles the request.
    pub(super) fn route(&self) -> Route {
        self.0.route.get().cloned().unwrap_or(Route::Unknown)
    }

    /// Watches a body.
    pub(super) fn watch(&self, body: Body) -> Body {
        if body.is_end_stream() {
            return body;
        }
        Body::new(Watched {
            body,
            progress: self.clone(),
        })
    }

    /// Whether the client has not sent the part of the body that is awaited.
    pub(super) fn awaits_body(&self) -> bool {
        self.0.awaits_body.load(Ordering::Relaxed)
    }
}

impl Requester for State {
    fn client(&self) -> String {
        network(self.proxies.client(self.peer, &self.forwarded))
    }

    fn user_agent(&self) -> Option<&str> {
        self.user_agent.as_ref()?.to_str().ok()
    }

    fn request_id(&self) -> &str {
        &self.id
    }
}

/// Notes the route of a request that a handler of a page or an endpoint gets.
pub fn note_route<B>(request: Request<B>) -> Request<B> {
    if let Some(path) = request.extensions().get::<MatchedPath>() {
        note(&request, Route::Pattern(path.clone()));
    }
    request
}

/// Notes that a request is for a file.
pub fn note_file<B>(request: Request<B>) -> Request<B> {
    note(&request, Route::File);
    request
}

/// Notes that a request is for the server's health.
pub fn note_health<B>(request: Request<B>) -> Request<B> {
    note(&request, Route::Health);
    request
}

fn note<B>(request: &Request<B>, route: Route) {
    if let Some(Progress(state)) = request.extensions().get() {
        let _ = state.route.set(route);
    }
}

struct Watched {
    body: Body,
    progress: Progress,
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = Pin::new(&mut self.body).poll_frame(context);
        let awaits = &self.progress.0.awaits_body;
        awaits.store(frame.is_pending(), Ordering::Relaxed);
        frame
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
