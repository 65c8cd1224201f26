//! What every request passes, whoever the user is: host names, origins, headers, limits, errors.

mod client;
mod cookie;
mod error;
mod form;
mod headers;
mod host;
mod next;
mod origin;
mod readers;
mod service;

pub use client::{ClientAddress, TrustedProxies};
pub use cookie::cookies;
pub use error::{HttpError, SignedOut, draw_problems, write_problems};
pub use form::{ReadForm, ReadQuery};
pub use headers::{ContentPolicy, set_retry_after};
pub use host::{HostRouters, Hosts, misdirected};
pub use next::{NextPath, page_of};
pub use origin::{OriginRules, same_origin_only};
pub use readers::Readers;
pub use service::HttpService;
