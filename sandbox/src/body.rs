//! The size limit of request bodies.

/// The maximum size in bytes; every real request is smaller.
pub(crate) const MAX_BODY: usize = 16 * 1024;
