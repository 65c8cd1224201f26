//! Asks a server on this machine whether it is ready, without an HTTP library.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(2);

/// Whether `GET http://localhost:PORT{path}` answers 200.
pub(crate) fn answers_ok(port: u16, path: &str) -> bool {
    status_line(port, path).is_ok_and(|line| line.split(' ').nth(1) == Some("200"))
}

fn status_line(port: u16, path: &str) -> std::io::Result<String> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line)?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn port_that_answers(answer: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(answer.as_bytes()).unwrap();
        });
        port
    }

    #[test]
    fn only_200_means_ready() {
        assert!(answers_ok(
            port_that_answers("HTTP/1.1 200 OK\r\n\r\n"),
            "/health"
        ));
        assert!(!answers_ok(
            port_that_answers("HTTP/1.1 503 Service Unavailable\r\n\r\n"),
            "/health"
        ));
    }
}
