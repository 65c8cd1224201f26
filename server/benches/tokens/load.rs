//! Load from keep-alive connections that send the next request as soon as they have the response.

use std::time::{Duration, Instant};

use http_body_util::{BodyExt, Empty};
use hyper::{Request, body::Bytes, client::conn::http1::handshake};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpStream, task::JoinSet};

use crate::{CONNECTIONS, contestant::Contestant};

pub struct Load<'a> {
    contestant: &'a Contestant,
    path: &'a str,
}

impl<'a> Load<'a> {
    pub fn new(contestant: &'a Contestant, path: &'a str) -> Self {
        Self { contestant, path }
    }

    /// Sends requests for a while, to all servers of the contestant; returns the number of responses.
    pub async fn run(&self, length: Duration) -> f64 {
        let end = Instant::now() + length;
        let mut connections = JoinSet::new();
        for (_, server) in (0..CONNECTIONS).zip(self.contestant.servers.iter().cycle()) {
            let stream = TcpStream::connect(server.addr).await.unwrap();
            connections.spawn(ask(stream, self.request(), end));
        }
        connections.join_all().await.iter().sum()
    }

    /// A request as a page of the same origin sends it.
    fn request(&self) -> Request<Empty<Bytes>> {
        Request::get(self.path)
            .header("host", &self.contestant.host)
            .header("cookie", &self.contestant.cookie)
            .header("accept", "*/*")
            .header("accept-encoding", "gzip, deflate, br")
            .header("sec-fetch-site", "same-origin")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-dest", "empty")
            .body(Empty::new())
            .unwrap()
    }
}

async fn ask(stream: TcpStream, request: Request<Empty<Bytes>>, end: Instant) -> f64 {
    stream.set_nodelay(true).unwrap();
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    let mut count = 0.0;
    while Instant::now() < end {
        let response = sender.send_request(request.clone()).await.unwrap();
        assert_eq!(response.status(), 200);
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(body.len() > 100, "{body:?}");
        count += 1.0;
    }
    connection.abort();
    count
}
