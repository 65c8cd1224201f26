//! Token endpoints under load: the real program beside others that give the same tokens.
//!
//! | command | contestants |
//! |---|---|
//! | `cargo xtask bench tokens` | the bare twin, the program, and the vendors' sample code on Node.js, all on SQLite |
//! | `cargo xtask bench postgres` | the bare twin and the program on one PostgreSQL server; then one server and three |
//! | `cargo xtask bench before` | the program of another commit and this one, each on a SQLite file of its own |
//!
//! All contestants of a table run at once, and only one is under load at a time; their order is reversed after every
//! round. Ratios are computed within a round, and their median is printed. The load comes from one thread of this
//! program and shares the cores with the server under test, so compare only figures of the same run.
//!
//! The **twin** (`twin.rs`) is axum with nothing but the routes: the same statement to the same database and the same
//! token, signed with the same cached key, but without any protection. **Express** (`../express/`) is the vendors'
//! sample code, tuned.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

mod cloudbase;
mod contestant;
mod express;
mod ferndesk;
mod load;
#[path = "../support/ratio.rs"]
mod ratio;
#[path = "../support/mod.rs"]
mod support;
mod twin;
mod zendesk;

use std::{fs, path::Path, slice, time::Duration};

use sandbox::Running;
use tempfile::TempDir;

use contestant::Contestant;
use load::Load;
use ratio::{median, ratio};
use support::{LATCHKEY, Server, Variable, cores, database_in};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 11;
const LENGTH: Duration = Duration::from_secs(1);

/// A vendor's endpoint.
struct Endpoint {
    path: &'static str,
    /// The variables that turn the vendor on. Key files are written to the folder.
    settings: fn(&Running, &Path) -> Vec<Variable>,
    /// The twin's signer, with the same key.
    signer: fn(&Path) -> twin::Signer,
}

macro_rules! endpoints {
    ($($vendor:ident,)+) => {
        const ENDPOINTS: &[Endpoint] = &[$( $vendor::ENDPOINT, )+];
    };
}

endpoints! {
    ferndesk,
    cloudbase,
    zendesk,
}

/// What all servers of a run share: a sandbox, and the vendors' settings and keys.
struct Stage {
    folder: TempDir,
    settings: Vec<Variable>,
    _sandbox: Running,
}

impl Stage {
    async fn new() -> Self {
        let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let settings = ENDPOINTS
            .iter()
            .flat_map(|endpoint| (endpoint.settings)(&sandbox, folder.path()))
            .collect();
        Self {
            folder,
            settings,
            _sandbox: sandbox,
        }
    }

    async fn start(&self, program: &str, database: &str) -> Server {
        Server::start(program, database, &self.settings).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [twin::KIND, database, port, folder] => {
            twin::serve(database, port.parse().unwrap(), Path::new(folder)).await;
        }
        // Cargo adds the last word.
        ["--postgres", url, "--bench"] => on_postgres(url).await,
        ["--before", program, "--bench"] => beside(program).await,
        _ => on_sqlite().await,
    }
}

async fn on_sqlite() {
    let stage = Stage::new().await;
    let files = stage.folder.path();
    let database = database_in(files);
    let server = stage.start(LATCHKEY, &database).await;
    let cookie = server.sign_in().await;
    let mut contestants = vec![
        Contestant::twin(files, &database, &cookie).await,
        Contestant::latchkey("latchkey", slice::from_ref(&server), &cookie),
    ];
    contestants.extend(express::start(files).await);
    compare(&contestants).await;
}

/// Every server opens its own connections to PostgreSQL.
async fn on_postgres(url: &str) {
    let stage = Stage::new().await;
    let mut servers = Vec::new();
    for _ in 0..3 {
        servers.push(stage.start(LATCHKEY, url).await);
    }
    let cookie = servers[0].sign_in().await;
    let twin = Contestant::twin(stage.folder.path(), url, &cookie).await;
    let one = || Contestant::latchkey("latchkey", &servers[..1], &cookie);
    compare(&[twin, one()]).await;
    let three = Contestant::latchkey("three servers", &servers, &cookie);
    compare(&[one(), three]).await;
}

/// Compares with another commit's program.
async fn beside(program: &str) {
    let stage = Stage::new().await;
    let mut servers = Vec::new();
    let mut contestants = Vec::new();
    for (name, program) in [("before", program), ("latchkey", LATCHKEY)] {
        let folder = stage.folder.path().join(name);
        fs::create_dir(&folder).unwrap();
        let server = stage.start(program, &database_in(&folder)).await;
        let cookie = server.sign_in().await;
        contestants.push(Contestant::latchkey(
            name,
            slice::from_ref(&server),
            &cookie,
        ));
        servers.push(server);
    }
    compare(&contestants).await;
}

/// Prints a table for each endpoint.
async fn compare(contestants: &[Contestant]) {
    println!(
        "{} cores, {CONNECTIONS} connections, {ROUNDS} rounds of {} s; the load shares the cores",
        cores(),
        LENGTH.as_secs()
    );
    for endpoint in ENDPOINTS {
        compare_at(endpoint.path, contestants).await;
    }
}

/// A contestant's results in every round.
#[derive(Default)]
struct Measured {
    per_second: Vec<f64>,
    cpu_micros: Vec<f64>,
}

async fn compare_at(path: &str, contestants: &[Contestant]) {
    for contestant in contestants {
        Load::new(contestant, path).run(LENGTH / 4).await;
    }
    let mut measured: Vec<Measured> = contestants.iter().map(|_| Measured::default()).collect();
    for round in 0..ROUNDS {
        let mut order: Vec<usize> = (0..contestants.len()).collect();
        if round % 2 == 1 {
            order.reverse();
        }
        for index in order {
            let contestant = &contestants[index];
            let cpu = contestant.cpu();
            let count = Load::new(contestant, path).run(LENGTH).await;
            let cpu = contestant.cpu() - cpu;
            measured[index]
                .per_second
                .push(count / LENGTH.as_secs_f64());
            measured[index]
                .cpu_micros
                .push(cpu.as_secs_f64() * 1e6 / count);
        }
    }
    println!(
        "\n{:<28} {:>9} {:>9} {:>11} {:>11}",
        path, "req/s", "CPU us", "req/s to 1", "CPU to 1"
    );
    let reference = &measured[0];
    for (contestant, own) in contestants.iter().zip(&measured) {
        println!(
            "{:<28} {:>9.0} {:>9.0} {:>11.2} {:>11.2}",
            contestant.name,
            median(own.per_second.clone()),
            median(own.cpu_micros.clone()),
            ratio(&own.per_second, &reference.per_second),
            ratio(&own.cpu_micros, &reference.cpu_micros)
        );
    }
}
