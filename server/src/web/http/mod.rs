//! How requests are handled regardless of the user: host names, origins, headers, time limits, errors.

mod allowed_origins;
mod client;
mod error;
mod form;
mod headers;
mod host;
mod origin;
mod progress;
mod query;
mod request_id;
mod request_metrics;
mod service;

pub use allowed_origins::AllowedOrigins;
pub use client::{ClientAddress, TrustedProxies};
pub use error::{HttpError, SignedOut, render_problems, session_not_saved, write_problems};
pub use form::{ReadForm, ReadQuery};
pub use headers::{ContentPolicy, POPUP_PATHS};
pub use host::{HostRouters, Hosts, misdirected};
pub use origin::{OriginRules, same_origin_only};
pub use progress::{note_file, note_health, note_route};
pub use query::{query_param, with_query_param};
pub use request_metrics::register_request_metrics;
pub use service::HttpService;
