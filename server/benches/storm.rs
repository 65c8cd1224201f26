//! A flood of wrong sign-ins: how it affects the health endpoint and a signed-in user, and what it costs.
//!
//! `cargo xtask bench storm` runs the real binary with the hashing cost of production. Every wrong sign-in
//! comes from another address and is for another account, so that no rate limit stops it before it reaches
//! the hashing threads.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

mod support;

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::RequestBuilder;
use support::{LATCHKEY, Server, cores, database_in};
use tokio::time::sleep;

const CLIENTS: usize = 64;
const LENGTH: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    let proxies = ("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1".to_owned());
    let folder = tempfile::tempdir().unwrap();
    let database = database_in(folder.path());
    let server = Server::start(LATCHKEY, &database, &[proxies]).await;
    let cookie = server.sign_in().await;
    println!(
        "{CLIENTS} clients, {} s, {} cores",
        LENGTH.as_secs(),
        cores()
    );
    println!(
        "{:<22} {:>9} {:>9} {:>9} {:>9}",
        "", "requests", "p50 ms", "p99 ms", "max ms"
    );
    probe("idle", &server, &cookie).await;
    let (statuses, _) = tokio::join!(storm(&server), probe("storm", &server, &cookie));
    for (status, count) in statuses {
        println!(
            "wrong sign-ins with {status}: {:.1} per second",
            f64::from(count) / LENGTH.as_secs_f64()
        );
    }
    println!("memory at most: {} MiB", peak_kib(&server) / 1024);
}

/// Sends requests to both endpoints, one at a time to each, and prints how long they took.
async fn probe(name: &str, server: &Server, cookie: &str) {
    let health = || server.client.get(server.url("/health/live"));
    let viewer = || {
        server
            .client
            .get(server.url("/api/viewer"))
            .header("cookie", cookie)
    };
    let (health, viewer) = tokio::join!(times(health), times(viewer));
    print_times(&format!("health, {name}"), health);
    print_times(&format!("signed in, {name}"), viewer);
}

async fn times(request: impl Fn() -> RequestBuilder) -> Vec<Duration> {
    let end = Instant::now() + LENGTH;
    let mut times = Vec::new();
    while Instant::now() < end {
        let began = Instant::now();
        let response = request().send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.bytes().await.unwrap();
        times.push(began.elapsed());
        sleep(Duration::from_millis(5)).await;
    }
    times
}

fn print_times(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!(
        "{name:<22} {:>9} {:>9.1} {:>9.1} {:>9.1}",
        times.len(),
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Floods the server; returns how often each status came back.
async fn storm(server: &Server) -> BTreeMap<u16, u32> {
    let end = Instant::now() + LENGTH;
    let number = Arc::new(AtomicU32::new(0));
    let statuses = Arc::new(Mutex::new(BTreeMap::new()));
    let clients = (0..CLIENTS).map(|_| {
        let (number, statuses) = (Arc::clone(&number), Arc::clone(&statuses));
        async move {
            while Instant::now() < end {
                let number = number.fetch_add(1, Ordering::Relaxed);
                let [_, a, b, c] = number.to_be_bytes();
                let email = format!("user-{number}@example.com");
                let form = [
                    ("email", email.as_str()),
                    ("password", "a wrong password of some length"),
                ];
                let request = server
                    .own_page("/login")
                    .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
                    .form(&form);
                let status = request.send().await.unwrap().status().as_u16();
                *statuses.lock().unwrap().entry(status).or_insert(0) += 1;
            }
        }
    });
    futures_util::future::join_all(clients).await;
    let statuses = statuses.lock().unwrap();
    statuses.clone()
}

fn peak_kib(server: &Server) -> u64 {
    let status = format!("/proc/{}/status", server.process.id());
    let status = fs::read_to_string(status).unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}
