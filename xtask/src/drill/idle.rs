//! Many connections that send nothing, or nothing more.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::Report;
use super::stage::Stage;

const CONNECTIONS: usize = 5000;

pub(super) fn run(stage: &mut Stage) -> Result<Report> {
    allow_files();
    stage.start()?;
    let client = stage.client();
    let mut report = Report::default();
    for asks in [false, true] {
        let mut open = Vec::new();
        for _ in 0..CONNECTIONS {
            // The kernel queues what the server has not accepted yet.
            open.extend(connect(stage.ports.site, asks));
        }
        for _ in 0..20 {
            report.tries += 1;
            let began = Instant::now();
            report.expect(
                client.status("GET /login", "", "") == 200,
                "a page was not served",
            );
            report.expect(client.sign_in().is_some(), "a sign-in failed");
            report.expect(began.elapsed() < Duration::from_secs(2), "it took long");
        }
        println!("  {} idle connections", open.len());
    }
    Ok(report)
}

fn connect(port: u16, asks: bool) -> Option<TcpStream> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    if asks {
        let request = format!("GET /health/live HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        stream.write_all(request.as_bytes()).ok()?;
        let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
        // The first byte of the response.
        stream.read_exact(&mut [0]).ok()?;
    }
    Some(stream)
}

/// Allows this program and the server as many open files as the system does.
fn allow_files() {
    let maximum = getrlimit(Resource::Nofile).maximum;
    let files = Rlimit {
        current: maximum,
        maximum,
    };
    // Without it, there are fewer connections, which the drill counts.
    let _ = setrlimit(Resource::Nofile, files);
}
