//! A third-party server whose responses a test defines byte by byte.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::Notify,
    task::JoinSet,
    time::sleep,
};

/// How to respond to a request.
#[derive(Clone)]
pub enum Reply {
    /// Send this response and keep the connection open.
    Send(String),
    /// Send this response once the test says so.
    Held(Arc<Notify>, String),
    /// Close the connection without a response.
    Close,
    /// Send a body that never ends, byte by byte.
    Drip,
}

impl Reply {
    /// A response with a JSON body.
    pub fn json(status: u16, body: &str) -> Self {
        Self::with_headers(status, "content-type: application/json\r\n", body)
    }

    /// The same response, held back until the test notifies once.
    pub fn held(self, until: &Arc<Notify>) -> Self {
        match self {
            Self::Send(response) => Self::Held(Arc::clone(until), response),
            other => other,
        }
    }

    /// A response with headers, each of which ends with CR LF.
    pub fn with_headers(status: u16, headers: &str, body: &str) -> Self {
        let length = body.len();
        Self::Send(format!(
            "HTTP/1.1 {status} Status\r\n{headers}content-length: {length}\r\n\r\n{body}"
        ))
    }
}

/// A listening server and the requests it got.
pub struct Stub {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
    _task: JoinSet<()>,
}

#[derive(Default)]
struct Seen {
    requests: Vec<String>,
    connections: BTreeSet<u16>,
}

impl Stub {
    /// Sends the replies in order, and the last one to every further request.
    pub async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Seen::default()));
        let mut task = JoinSet::new();
        let log = Arc::clone(&seen);
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, replies.clone(), Arc::clone(&log)));
            }
        });
        Self {
            url,
            seen,
            _task: task,
        }
    }

    /// Every request, unparsed.
    pub fn requests(&self) -> Vec<String> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// Waits for the first request.
    pub async fn first_request(&self) {
        while self.requests().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// The number of connections on which requests came.
    pub fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections.len()
    }
}

async fn serve(mut stream: TcpStream, replies: Vec<Reply>, seen: Arc<Mutex<Seen>>) {
    let peer = stream.peer_addr().unwrap().port();
    while let Some(request) = read_request(&mut stream).await {
        let reply = {
            let mut seen = seen.lock().unwrap();
            seen.requests.push(request);
            seen.connections.insert(peer);
            let number = seen.requests.len().min(replies.len()) - 1;
            replies[number].clone()
        };
        match reply {
            Reply::Send(response) => stream.write_all(response.as_bytes()).await.unwrap(),
            Reply::Held(until, response) => {
                until.notified().await;
                stream.write_all(response.as_bytes()).await.unwrap();
            }
            Reply::Close => return,
            Reply::Drip => return drip(&mut stream).await,
        }
    }
}

async fn drip(stream: &mut TcpStream) {
    let head =
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 60000\r\n\r\n";
    let _ = stream.write_all(head).await;
    while stream.write_all(b" ").await.is_ok() {
        sleep(Duration::from_millis(20)).await;
    }
}

async fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).await.ok().filter(|n| *n > 0)?;
        text += std::str::from_utf8(&bytes[..length]).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let announced = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if body.len() >= announced.map_or(0, |length| length.parse().unwrap()) {
            return Some(text);
        }
    }
}
