//! What look-ups, sign-ins, sweeps, starts and migrations cost with more and more users.
//!
//! `cargo xtask bench growth` runs it: for each number of users, a database is filled by statements of the engine
//! itself, measured through the stores and the real program, and deleted. Hashing is left out of sign-ins and
//! registrations by the cheapest hash. All but the sweep's rivals run one after the other.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark may panic if it cannot continue"
)]

mod engine;
#[path = "../../tests/it/plans/explain.rs"]
mod explain;
mod plans;
mod population;
mod program;
#[path = "../../tests/it/plans/statements.rs"]
mod statements;
mod steps;
#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "the other benchmarks use the rest")]
mod support;
mod sweeps;
mod table;

use std::{path::Path, time::Instant};

use engine::{Engine, Raw};
use population::Population;
use steps::Library;
use table::{Column, print_table};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| *argument != "--bench")
        .collect();
    let [engine, sizes, folder] = arguments[..] else {
        println!("Run `cargo xtask bench growth`.");
        return;
    };
    let engine = Engine::of(engine, Path::new(folder));
    let sizes: Vec<u64> = sizes.split(',').map(|size| size.parse().unwrap()).collect();
    let mut columns = Vec::new();
    for size in &sizes {
        let began = Instant::now();
        columns.push(measure(&engine, *size, Some(size) == sizes.last()).await);
        eprintln!("{size} users: {} s", began.elapsed().as_secs());
    }
    print_table(engine.name(), &sizes, &columns);
}

/// Everything that is measured with this number of users.
async fn measure(engine: &Engine, size: u64, is_last: bool) -> Column {
    let database = engine.create(size).await;
    let mut column = Column::default();

    let library = Library::open(&database.url).await;
    let hash = library.cheapest_hash().await;
    library.close().await;
    let population = Population::new(engine.kind(), size, hash);
    let began = Instant::now();
    let mut raw = database.connect_to_fill().await;
    population.fill(&mut raw).await;
    column.add("filling the database, s", began.elapsed().as_secs_f64());
    for (what, bytes) in raw.sizes().await {
        column.add(&format!("{what}, MiB"), bytes / f64::from(1 << 20));
    }
    raw.close().await;

    let library = Library::open(&database.url).await;
    library.measure(&population, &mut column).await;
    sweeps::measure(&library, &population, &mut column).await;
    if is_last {
        plans::print(&library.state.database, engine.kind()).await;
    }
    library.close().await;
    program::measure(&database.url, &population, &mut column).await;
    migrate(database.connect().await, &mut column).await;
    database.delete().await;
    column
}

/// What a later version may do to a table that grows with users.
async fn migrate(mut raw: Raw, column: &mut Column) {
    for (what, sql) in [
        (
            "adding a column to users, ms",
            "ALTER TABLE users ADD COLUMN locale TEXT",
        ),
        (
            "adding an index to sessions, ms",
            "CREATE INDEX sessions_by_start ON sessions (created_at)",
        ),
    ] {
        let began = Instant::now();
        raw.run(sql.to_owned()).await;
        column.add(what, began.elapsed().as_secs_f64() * 1000.0);
    }
    raw.close().await;
}
