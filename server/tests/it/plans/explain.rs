//! How an engine finds the rows of a statement.

use std::fmt::Write;

use server::database::{DbRow, FromRow, StorageError, Transaction, query};

/// An engine, and how it explains a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explained {
    Sqlite,
    Postgres,
}

/// The rows of a table that a statement reads.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Read {
    pub table: String,
    pub index: String,
    /// Whether the index leads to the rows; otherwise all are read, in the index's order if there is one.
    pub is_sought: bool,
}

struct Line(String);

impl FromRow for Line {
    fn from_row(row: &DbRow) -> Result<Self, StorageError> {
        row.get("detail").map(Self)
    }
}

impl Explained {
    /// What a statement reads.
    pub async fn reads(self, tx: &mut Transaction, sql: &str) -> Vec<Read> {
        match self {
            Self::Sqlite => {
                let explain = format!("EXPLAIN QUERY PLAN {sql}").leak();
                let lines: Vec<Line> = query(explain).fetch_all(tx).await.unwrap();
                lines.iter().filter_map(|line| of_sqlite(&line.0)).collect()
            }
            Self::Postgres => of_postgres(&postgres_plan(tx, sql).await),
        }
    }
}

/// A line of a plan, such as `SEARCH users USING INDEX users_by_name (name=?)`.
fn of_sqlite(line: &str) -> Option<Read> {
    let (verb, rest) = line.split_once(' ')?;
    let table = rest.split(' ').next()?;
    if !["SEARCH", "SCAN"].contains(&verb) || table.starts_with('(') || table == "CONSTANT" {
        return None;
    }
    let index = line.split_once(" INDEX ").map_or("", |(_, rest)| rest);
    Some(Read {
        table: table.to_owned(),
        index: index.split(' ').next().unwrap_or_default().to_owned(),
        is_sought: verb == "SEARCH",
    })
}

/// The plan for values that few rows have.
async fn postgres_plan(tx: &mut Transaction, sql: &str) -> Vec<String> {
    let parameters = (1..).take_while(|n| sql.contains(&format!("${n}")));
    let is_number = |n: &usize| {
        ["+", "-"].iter().any(|operator| {
            sql.contains(&format!("{operator} ${n}")) || sql.contains(&format!("${n} {operator}"))
        })
    };
    // What is added is a number; PostgreSQL knows the other types.
    let types = parameters.map(|n| if is_number(&n) { "bigint" } else { "unknown" });
    let mut prepare = "PREPARE explained".to_owned();
    append_list(&mut prepare, types);
    write!(prepare, " AS {sql}").unwrap();
    query(prepare.leak()).execute(&mut *tx).await.unwrap();
    let types = "SELECT array_to_string(parameter_types, ',') FROM pg_prepared_statements WHERE name = 'explained'";
    let types: String = query(types).fetch_one(&mut *tx).await.unwrap();
    let types = types.split(',').filter(|name| !name.is_empty());
    let mut explain = "EXPLAIN (COSTS OFF) EXECUTE explained".to_owned();
    append_list(
        &mut explain,
        types.map(|name| if name == "bigint" { "100" } else { "'x'" }),
    );
    let plan = query(explain.leak()).fetch_all(&mut *tx).await.unwrap();
    query("DEALLOCATE explained").execute(tx).await.unwrap();
    plan
}

fn append_list<'a>(sql: &mut String, values: impl Iterator<Item = &'a str>) {
    let values: Vec<&str> = values.collect();
    if !values.is_empty() {
        write!(sql, " ({})", values.join(", ")).unwrap();
    }
}

/// What a plan reads: a line such as `->  Index Scan using users_by_name on users`, and below it, the condition by
/// which the index is searched.
fn of_postgres(plan: &[String]) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::new();
    for line in plan {
        let line = line.trim().trim_start_matches("->").trim();
        let last = reads.last_mut();
        if line.starts_with("Index Cond:") {
            last.unwrap().is_sought = true;
        } else if let Some(index) = line.strip_prefix("Bitmap Index Scan on ") {
            last.unwrap().index = index.to_owned();
        } else if let Some((scan, table)) = line.split_once(" on ")
            && ["Seq Scan", "Bitmap Heap Scan", "Tid Scan", "Index "]
                .iter()
                .any(|kind| scan.starts_with(kind))
        {
            let index = scan.split_once(" using ").map_or("", |(_, index)| index);
            reads.push(Read {
                table: table.split(' ').next().unwrap_or_default().to_owned(),
                index: index.to_owned(),
                is_sought: false,
            });
        }
    }
    reads
}
