//! A fake provider: it responds as the test says, and records its requests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, Uri, header::CONTENT_TYPE},
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

#[derive(Default)]
struct State {
    answers: BTreeMap<String, (u16, String)>,
    asked: Vec<Asked>,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let router = axum::Router::new().fallback(async move |uri: Uri, headers, body: Bytes| {
            answer(&shared, uri.path(), headers, &body)
        });
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            state,
            _server: server,
        }
    }

    /// Sets the response of a path; paths without one respond 404.
    pub fn answer(&self, path: &str, status: u16, body: &Value) {
        let answer = (status, body.to_string());
        let mut state = self.state.lock().unwrap();
        state.answers.insert(path.to_owned(), answer);
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

fn answer(state: &Mutex<State>, path: &str, headers: HeaderMap, body: &[u8]) -> Response {
    let mut state = state.lock().unwrap();
    state.asked.push(Asked {
        path: path.to_owned(),
        headers,
        body: String::from_utf8_lossy(body).into_owned(),
    });
    let Some((status, body)) = state.answers.get(path).cloned() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let status = StatusCode::from_u16(status).unwrap();
    (status, [(CONTENT_TYPE, "application/json")], body).into_response()
}
