//! A raw connection, for requests that no HTTP client would send.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

use super::TestApp;

/// A TCP connection to the server.
pub struct Connection(TcpStream);

impl Connection {
    pub async fn open(addr: SocketAddr) -> Self {
        Self(TcpStream::connect(addr).await.unwrap())
    }

    /// Opens a connection from another local address, such as 127.0.0.9.
    pub async fn open_from(local: &str, addr: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket
            .bind(SocketAddr::new(local.parse().unwrap(), 0))
            .unwrap();
        Self(socket.connect(addr).await.unwrap())
    }

    /// Sends bytes as they are.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        // The server may respond and close the connection before it has read everything.
        let _ = self.0.write_all(bytes.as_ref()).await;
    }

    /// Sends the same bytes again and again, and reads nothing, until the server closes the connection.
    pub async fn send_until_closed(&mut self, bytes: impl AsRef<[u8]>) {
        while self.0.write_all(bytes.as_ref()).await.is_ok() {}
    }

    /// Everything that the server sends until it closes the connection.
    pub async fn rest(&mut self) -> String {
        let mut bytes = Vec::new();
        let _ = self.0.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The next bytes; empty at the end.
    pub async fn some(&mut self) -> String {
        let mut bytes = [0; 4096];
        let length = self.0.read(&mut bytes).await.unwrap_or(0);
        String::from_utf8_lossy(&bytes[..length]).into_owned()
    }
}

impl TestApp {
    /// The response to a raw request, which must have `Connection: close`.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> String {
        let mut connection = Connection::open(self.addr).await;
        connection.send(request).await;
        connection.rest().await
    }

    /// The host name and port of the login.
    pub fn login_host(&self) -> String {
        format!("login.latchkey.localhost:{}", self.addr.port())
    }

    /// The host name and port of the embedding site.
    pub fn site_host(&self) -> String {
        format!("www.latchkey.localhost:{}", self.addr.port())
    }
}

/// The status of a raw response; 0 if there is none.
pub fn status(response: &str) -> u16 {
    let status = response
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5));
    status.and_then(|status| status.parse().ok()).unwrap_or(0)
}
