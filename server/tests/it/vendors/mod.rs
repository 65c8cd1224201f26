//! The vendors' credential endpoints.

mod knoon;
