//! What every request passes, whoever the user is: host names, origins, headers, limits, errors.

mod client;
mod cookie;
mod error;
mod form;
mod headers;
mod host;
mod log;
mod next;
mod origin;
mod readers;

pub use client::{ClientAddress, TrustedProxies};
pub use cookie::cookies;
pub use error::{HttpError, SignedOut, draw_problems, write_problems};
pub use form::{ReadForm, ReadQuery};
pub use headers::{ContentPolicy, Tls, security_headers};
pub use host::{Hosts, dispatch};
pub use log::{log_response, request_span};
pub use next::{NextPath, page_of};
pub use origin::{OriginRules, same_origin_only};
pub use readers::{Readers, readers_only};
