//! Headers that several modules read or write: cookies and `Retry-After`.

mod cookies;
mod plain_cookies;
mod retry_after;

pub use cookies::{cookies, keep_readable, set_cookie};
pub use plain_cookies::{make_plain, prefix_names};
pub use retry_after::set_retry_after;
