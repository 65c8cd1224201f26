//! The real program: how long it takes to start, to respond, and how much memory it takes.

use std::{fs, time::Instant};

use server::session::COOKIE;

use crate::{
    population::Population,
    steps::{add, times},
    support::{LATCHKEY, Server},
    table::Column,
};

const REQUESTS: u32 = 10_000;

pub async fn measure(url: &str, population: &Population, column: &mut Column) {
    let began = Instant::now();
    let server = Server::start(LATCHKEY, url, &[]).await;
    column.add("start of the server, s", began.elapsed().as_secs_f64());
    let sessions = &population.sessions;
    let request = |n: u32| {
        let session = &sessions[n as usize % sessions.len()];
        let request = server
            .client
            .get(server.url("/api/viewer"))
            .header("cookie", format!("{COOKIE}={}", session.id));
        async move {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert!(response.text().await.unwrap().contains("displayName"));
        }
    };
    let took = times(REQUESTS, request).await;
    add(column, "request of a user by HTTP", &took);
    // With the memory of a hash.
    server.sign_in().await;
    column.add(
        "memory of the server at most, MiB",
        peak_kib(&server) / 1024.0,
    );
}

fn peak_kib(server: &Server) -> f64 {
    let status = format!("/proc/{}/status", server.process.id());
    let status = fs::read_to_string(status).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.unwrap().trim().trim_end_matches(" kB");
    peak.parse().unwrap()
}
