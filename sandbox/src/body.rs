//! The size limit of request bodies.

/// In bytes. Every real request stays below it.
pub(crate) const MAX_BODY: usize = 16 * 1024;
