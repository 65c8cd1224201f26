//! Token endpoints under load: the real program, a bare twin of it, and the vendors' sample code on Node.js.
//!
//! Run it with `cargo xtask bench tokens`. All servers run at once, and only one is under load at a time;
//! their order is reversed after every round. Ratios are computed within a round, and their median is
//! printed. The load comes from one thread of this program and shares the cores with the server under test,
//! so compare only figures of the same run.
//!
//! The **twin** (`twin.rs`) is axum with nothing but the routes: the same reads from the same database and
//! the same token, signed with the same cached key, but without any protection. **Express** (`../express/`)
//! is the vendors' sample code, tuned.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

mod cloudbase;
mod contestant;
mod express;
mod ferndesk;
mod load;
#[path = "../support/mod.rs"]
mod support;
mod twin;
mod zendesk;

use std::{path::Path, time::Duration};

use sandbox::Running;

use contestant::Contestant;
use load::Load;
use support::{Server, cores};

const CONNECTIONS: usize = 32;
const ROUNDS: usize = 11;
const LENGTH: Duration = Duration::from_secs(1);

/// A vendor's endpoint.
struct Endpoint {
    path: &'static str,
    /// The variables that turn the vendor on. Key files are written to the folder.
    settings: fn(&Running, &Path) -> Vec<(&'static str, String)>,
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

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [kind, port, folder] = &arguments[..]
        && kind == twin::KIND
    {
        return twin::serve(port.parse().unwrap(), Path::new(folder)).await;
    }
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let files = folder.path().to_owned();
    let settings: Vec<_> = ENDPOINTS
        .iter()
        .flat_map(|endpoint| (endpoint.settings)(&sandbox, &files))
        .collect();
    let server = Server::start(folder, &settings).await;
    let cookie = server.sign_in().await;
    let mut contestants = vec![
        Contestant::twin(&files, &cookie).await,
        Contestant::latchkey(&server, &cookie),
    ];
    contestants.extend(express::start(&files).await);
    println!(
        "{} cores, {CONNECTIONS} connections, {ROUNDS} rounds of {} s; the load shares the cores",
        cores(),
        LENGTH.as_secs()
    );
    for endpoint in ENDPOINTS {
        compare(endpoint.path, &contestants).await;
    }
}

/// A contestant's results in every round.
#[derive(Default)]
struct Measured {
    per_second: Vec<f64>,
    cpu_micros: Vec<f64>,
}

async fn compare(path: &str, contestants: &[Contestant]) {
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

/// The median of the ratios of all rounds.
fn ratio(own: &[f64], reference: &[f64]) -> f64 {
    median(
        own.iter()
            .zip(reference)
            .map(|(own, other)| own / other)
            .collect(),
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
