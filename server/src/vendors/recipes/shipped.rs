//! The recipes inside this program: the files in the folder `recipes/` of the project.

/// Names and texts, sorted by name.
const SHIPPED: &[(&str, &str)] = &include!("../../../../recipes/shipped.list");

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().map(|(name, _)| *name)
}

pub(super) fn text(name: &str) -> Option<&'static str> {
    let mut shipped = SHIPPED.iter();
    shipped.find_map(|(other, text)| (*other == name).then_some(*text))
}

#[cfg(test)]
mod tests;
