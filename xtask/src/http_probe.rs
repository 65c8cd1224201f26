//! A minimal HTTP client for servers on this machine, without an HTTP library.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any server here may take, so that a response that comes late is told from none.
const TIMEOUT: Duration = Duration::from_secs(8);

/// A request. Headers with an empty value are not sent.
pub(crate) struct Request<'a> {
    /// Method and path.
    pub(crate) line: &'a str,
    pub(crate) host: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: &'a str,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// The values of a header. The name must be in lower case.
    pub(crate) fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.headers.iter().filter(move |(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The target of a redirect; empty if there is none.
    pub(crate) fn location(&self) -> &str {
        self.headers("location").next().unwrap_or_default()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Whether the response to `GET http://localhost:PORT{path}` is 200.
pub(crate) fn answers_ok(port: u16, path: &str) -> bool {
    let request = Request {
        line: &format!("GET {path}"),
        host: &format!("localhost:{port}"),
        headers: &[],
        body: "",
    };
    ask(port, &request).is_ok_and(|response| response.status == 200)
}

/// Sends a request on a new connection and returns the response.
pub(crate) fn ask(port: u16, request: &Request) -> std::io::Result<Response> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    stream.write_all(text(request).as_bytes())?;
    let mut reader = BufReader::new(stream);
    let mut lines = (&mut reader).lines();
    let status = lines.next().transpose()?.unwrap_or_default();
    let mut headers = Vec::new();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    let mut body = Vec::new();
    reader.read_to_end(&mut body)?;
    let status = status.split(' ').nth(1).and_then(|code| code.parse().ok());
    Ok(Response {
        status: status.unwrap_or_default(),
        headers,
        body,
    })
}

fn text(request: &Request) -> String {
    let Request {
        line,
        host,
        headers,
        body,
    } = request;
    let mut text = format!("{line} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
    for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    format!("{text}\r\n{body}")
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn port_that_answers(response: &'static str) -> u16 {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(response.as_bytes()).unwrap();
            // If it were closed before the request is read, the connection would be reset.
            let _ = stream.shutdown(std::net::Shutdown::Write);
            let _ = stream.read_to_end(&mut Vec::new());
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

    #[test]
    fn an_answer_has_headers_and_a_body() {
        let port =
            port_that_answers("HTTP/1.1 303 See Other\r\nSet-Cookie: a=b; Path=/\r\n\r\ndone");
        let request = Request {
            line: "POST /login",
            host: "login.localhost",
            headers: &[("Cookie", ""), ("Origin", "http://login.localhost")],
            body: "a=b",
        };
        assert_eq!(
            text(&request),
            "POST /login HTTP/1.1\r\nHost: login.localhost\r\nConnection: close\r\n\
             Origin: http://login.localhost\r\nContent-Length: 3\r\n\r\na=b"
        );
        let response = ask(port, &request).unwrap();
        assert_eq!(
            (response.status, response.body.as_slice()),
            (303, b"done".as_slice())
        );
        assert_eq!(
            response.headers("set-cookie").collect::<Vec<_>>(),
            ["a=b; Path=/"]
        );
    }
}
