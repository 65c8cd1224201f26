//! The results: a column for each number of users.

use crate::support::cores;

/// What was measured, in order, with its value.
#[derive(Default)]
pub struct Column(pub Vec<(String, f64)>);

impl Column {
    pub fn add(&mut self, what: &str, value: f64) {
        self.0.push((what.to_owned(), value));
    }
}

/// Prints a line for each value, and how it grows from the first column to the last.
pub fn print_table(engine: &str, sizes: &[u64], columns: &[Column]) {
    let heads = sizes.iter().map(|size| format!("{size:>12}"));
    println!("\n{engine}, {} cores", cores());
    println!(
        "{:<44}{} {:>8}",
        "users",
        heads.collect::<String>(),
        "growth"
    );
    for (row, (what, first)) in columns[0].0.iter().enumerate() {
        let values: Vec<f64> = columns.iter().map(|column| column.0[row].1).collect();
        let cells: String = values
            .iter()
            .map(|value| format!("{value:>12.2}"))
            .collect();
        let growth = values[values.len() - 1] / first;
        println!("{what:<44}{cells} {growth:>8.2}");
    }
}
