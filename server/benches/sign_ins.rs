//! Sign-ins with the right password, and a signed-in user's requests meanwhile, which read what a credential needs.
//!
//! | command | servers |
//! |---|---|
//! | `cargo xtask bench sign_ins` | this commit's |
//! | `cargo xtask bench before` | another commit's and this one's |
//!
//! All servers run at once, with the hashing cost of production, and one at a time is under load, in an order that is
//! reversed after every round. Ratios are computed within a round, and their median is printed.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

#[path = "support/ratio.rs"]
mod ratio;
mod support;

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use futures_util::future::join_all;
use ratio::{median, ratio};
use support::{LATCHKEY, Server, cores, database_in};
use tokio::time::{MissedTickBehavior, interval_at, sleep};

const CLIENTS: usize = 64;
const ROUNDS: usize = 11;
const LENGTH: Duration = Duration::from_secs(3);

/// Eight connections that send a request every 25 ms: 320 requests per second.
const PACED: usize = 8;
const PACE: Duration = Duration::from_millis(25);

/// How long after the last sign-in memory is read, and how many there were.
const REST: Duration = Duration::from_secs(60);
const FEW: usize = 100;

const SIGNED_IN: &str = "/api/viewer";

struct Contestant {
    name: &'static str,
    server: Server,
    cookie: String,
    /// Of every round: sign-ins per second, and milliseconds within which 99 of 100 requests had a response.
    sign_ins: Vec<f64>,
    p99: Vec<f64>,
}

impl Contestant {
    async fn start(name: &'static str, program: &str, folder: &Path) -> Self {
        let folder = folder.join(name);
        fs::create_dir(&folder).unwrap();
        let variables = [
            ("LATCHKEY_LIMIT_ACCOUNT_BURST", "1000000".to_owned()),
            ("LATCHKEY_LIMIT_CLIENT_BURST", "1000000".to_owned()),
            ("LATCHKEY_HASH_QUEUE", "128".to_owned()),
        ];
        let server = Server::start(program, &database_in(&folder), &variables).await;
        let cookie = server.sign_in().await;
        Self {
            name,
            server,
            cookie,
            sign_ins: Vec::new(),
            p99: Vec::new(),
        }
    }

    async fn round(&mut self) {
        let end = Instant::now() + LENGTH;
        let sign_ins = join_all((0..CLIENTS).map(|_| sign_ins(&self.server, end)));
        let requests = join_all((0..PACED).map(|number| self.requests(number, end)));
        let (sign_ins, times) = tokio::join!(sign_ins, requests);
        let count: usize = sign_ins.into_iter().sum();
        let mut times = times.concat();
        times.sort_unstable();
        self.sign_ins.push(count as f64 / LENGTH.as_secs_f64());
        self.p99
            .push(times[times.len() * 99 / 100].as_secs_f64() * 1000.0);
    }

    /// Sends requests at a fixed pace, not at the same time as others; returns how long each took.
    async fn requests(&self, number: usize, end: Instant) -> Vec<Duration> {
        let late = PACE * u32::try_from(number).unwrap() / u32::try_from(PACED).unwrap();
        let mut ticks = interval_at(tokio::time::Instant::now() + late, PACE);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut times = Vec::new();
        while Instant::now() < end {
            ticks.tick().await;
            let began = Instant::now();
            let request = self.server.client.get(self.server.url(SIGNED_IN));
            let response = request.header("cookie", &self.cookie).send().await.unwrap();
            assert_eq!(response.status(), 200);
            response.bytes().await.unwrap();
            times.push(began.elapsed());
        }
        times
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let programs = match words[..] {
        ["--before", program, ..] => vec![("before", program), ("latchkey", LATCHKEY)],
        _ => vec![("latchkey", LATCHKEY)],
    };
    let folder = tempfile::tempdir().unwrap();
    let mut contestants = Vec::new();
    for (name, program) in programs {
        contestants.push(Contestant::start(name, program, folder.path()).await);
    }
    for contestant in &contestants {
        for _ in 0..FEW {
            contestant.server.sign_in().await;
        }
    }
    sleep(REST).await;
    let resting: Vec<u64> = contestants
        .iter()
        .map(|one| mebibytes(&one.server, "VmRSS:"))
        .collect();
    for round in 0..ROUNDS {
        let reversed = round % 2 == 1;
        for index in 0..contestants.len() {
            let index = if reversed {
                contestants.len() - 1 - index
            } else {
                index
            };
            contestants[index].round().await;
        }
    }
    println!(
        "\n{} cores, {CLIENTS} clients sign in, {PACED} send a request every {} ms; {ROUNDS} rounds of {} s",
        cores(),
        PACE.as_millis(),
        LENGTH.as_secs()
    );
    println!(
        "{:<12} {:>11} {:>6} {:>9} {:>6} {:>15} {:>18}",
        "", "sign-ins/s", "to 1", "p99 ms", "to 1", "memory at most", "a minute after 100"
    );
    let reference = &contestants[0];
    for (one, resting) in contestants.iter().zip(resting) {
        println!(
            "{:<12} {:>11.1} {:>6.2} {:>9.2} {:>6.2} {:>11} MiB {:>14} MiB",
            one.name,
            median(one.sign_ins.clone()),
            ratio(&one.sign_ins, &reference.sign_ins),
            median(one.p99.clone()),
            ratio(&one.p99, &reference.p99),
            mebibytes(&one.server, "VmHWM:"),
            resting
        );
    }
}

/// Signs in again and again; returns how often.
async fn sign_ins(server: &Server, end: Instant) -> usize {
    let mut count = 0;
    while Instant::now() < end {
        let response = server.submit_sign_in().await;
        // Or else it was overloaded.
        count += usize::from(response.status() == 303);
    }
    count
}

/// A figure of the kernel about the server's memory.
fn mebibytes(server: &Server, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.process.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kibibytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kibibytes / 1024
}
