//! Headers that more than one layer reads or writes.

mod cookies;
mod retry_after;

pub use cookies::{cookies, keep_readable, set_cookie};
pub use retry_after::set_retry_after;
