//! A sweep of all that has expired, and how long others wait meanwhile.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::{
    population::Population,
    steps::{Library, micros},
    table::Column,
};

/// How long others are measured without a sweep, and their pause.
const CALM: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(1);

pub async fn measure(library: &Library, population: &Population, column: &mut Column) {
    let calm = others(library, population, 0, sleep(CALM)).await;
    let began = Instant::now();
    let mut swept = None;
    let sweep = async { swept = Some(library.sweeper.sweep().await.unwrap()) };
    let during = others(library, population, 1 << 20, sweep).await;
    let took = began.elapsed().as_secs_f64();
    let swept = swept.unwrap();
    column.add("expired rows swept", swept.rows as f64);
    column.add("in s", took);
    column.add("longest batch, ms", swept.longest.as_secs_f64() * 1000.0);
    for (what, calm, during) in [
        ("session and user", &calm.0, &during.0),
        ("counting for a rate limit", &calm.1, &during.1),
    ] {
        for (share, name) in [(0.99, "99th percentile"), (1.0, "longest")] {
            column.add(&format!("{what}, {name}, ms"), micros(calm, share) / 1000.0);
            column.add(
                &format!("{what}, {name} in a sweep, ms"),
                micros(during, share) / 1000.0,
            );
        }
    }
}

/// How long a reader and a writer wait while something else is done.
async fn others(
    library: &Library,
    population: &Population,
    first: u32,
    meanwhile: impl Future<Output = ()>,
) -> (Vec<Duration>, Vec<Duration>) {
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    let sessions = &population.sessions;
    let reader = async {
        for session in sessions.iter().cycle() {
            let began = Instant::now();
            library.look_up(session).await;
            reads.push(began.elapsed());
            sleep(PAUSE).await;
        }
    };
    let writer = async {
        for number in first.. {
            let began = Instant::now();
            library.count(number).await;
            writes.push(began.elapsed());
            sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = meanwhile => {}
        () = reader => {}
        () = writer => {}
    }
    (reads, writes)
}
