//! Mail addresses, as far as vendors look at them.

/// Whether `text` is an `@` with something on both of its sides.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
