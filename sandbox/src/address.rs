//! The check that vendors apply to email addresses.

/// Whether `text` has an `@` with something before and after it.
pub(crate) fn is_address(text: &str) -> bool {
    text.split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty())
}
