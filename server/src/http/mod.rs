//! What several modules read or write: cookies, `Retry-After`, encoded texts.

mod cookies;
mod plain_cookies;
mod retry_after;
mod uri_component;

pub use cookies::{cookies, keep_readable, set_cookie};
pub use plain_cookies::{make_plain, prefix_names};
pub use retry_after::set_retry_after;
pub use uri_component::encode_uri_component;
