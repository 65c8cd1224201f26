//! Ratios of what was measured side by side.

/// The median of the ratios of all rounds.
pub fn ratio(own: &[f64], reference: &[f64]) -> f64 {
    let pairs = own.iter().zip(reference);
    median(pairs.map(|(own, other)| own / other).collect())
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
