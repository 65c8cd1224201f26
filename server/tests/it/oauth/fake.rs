//! A fake provider: it responds as the test says, and records its requests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    http::{
        HeaderMap, StatusCode, Uri,
        header::{AUTHORIZATION, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinSet};
use url::form_urlencoded;

/// A listening provider.
pub struct Fake {
    pub url: String,
    state: Arc<Mutex<State>>,
    _server: JoinSet<()>,
}

/// One request.
#[derive(Clone)]
pub struct Asked {
    path: String,
    pub headers: HeaderMap,
    pub body: String,
}

#[derive(Clone)]
struct Reply {
    status: u16,
    kind: &'static str,
    body: String,
}

#[derive(Default)]
struct State {
    replies: BTreeMap<String, Reply>,
    /// The responses to requests with the header `Authorization`.
    to_header: BTreeMap<String, Reply>,
    asked: Vec<Asked>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let router = axum::Router::new().fallback(async move |uri: Uri, headers, body: Bytes| {
            response(&shared, uri.path(), headers, &body)
        });
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            state,
            _server: server,
        }
    }

    /// Sets the response of a path; paths without one get 404.
    pub fn response(&self, path: &str, status: u16, body: &Value) {
        self.answer_text(path, status, "application/json", &body.to_string());
    }

    /// The same with a body of any type.
    pub fn answer_text(&self, path: &str, status: u16, kind: &'static str, body: &str) {
        let body = body.to_owned();
        let reply = Reply { status, kind, body };
        let mut state = self.state.lock().unwrap();
        state.replies.insert(path.to_owned(), reply);
    }

    /// Sets the response of a path to requests with the header `Authorization`.
    pub fn answer_to_header(&self, path: &str, status: u16, kind: &'static str, body: &str) {
        let body = body.to_owned();
        let reply = Reply { status, kind, body };
        let mut state = self.state.lock().unwrap();
        state.to_header.insert(path.to_owned(), reply);
    }

    /// The requests of a path so far.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let state = self.state.lock().unwrap();
        let asked = state.asked.iter().filter(|asked| asked.path == path);
        asked.cloned().collect()
    }

    /// The number of requests so far.
    pub fn asked_in_all(&self) -> usize {
        self.state.lock().unwrap().asked.len()
    }
}

impl Asked {
    /// A field of the posted form.
    pub fn field(&self, name: &str) -> String {
        let mut fields = form_urlencoded::parse(self.body.as_bytes());
        let field = fields.find(|(field, _)| field == name);
        field.map_or_else(String::new, |(_, value)| value.into_owned())
    }
}

fn response(state: &Mutex<State>, path: &str, headers: HeaderMap, body: &[u8]) -> Response {
    let mut state = state.lock().unwrap();
    let has_header = headers.contains_key(AUTHORIZATION);
    state.asked.push(Asked {
        path: path.to_owned(),
        headers,
        body: String::from_utf8_lossy(body).into_owned(),
    });
    let to_header = state.to_header.get(path).filter(|_| has_header);
    let Some(reply) = to_header.or(state.replies.get(path)).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = StatusCode::from_u16(reply.status).unwrap();
    (status, [(CONTENT_TYPE, reply.kind)], reply.body).into_response()
}
