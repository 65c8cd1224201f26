//! The vendors. Most issue a short-lived credential to the signed-in user, for a widget or cloud backend; a
//! vendor can also be an upstream login, whose users other vendors accept.
//!
//! A vendor is one folder. Its files have the same names as those of other vendors: `mod.rs` (its entry in
//! the registry, its endpoints), `config.rs` (its settings; without them it is off and its endpoints answer
//! 404), `credential.rs`, `showcase.rs` (its page on the demo site) with `showcase.js` and the code samples
//! of that page, `demo.env` (its settings in the demo), `README.md`. It has one line in [`REGISTRY`]. No
//! other code names it, except in `oauth/providers` if it is an identity provider as well.

mod access;
mod cookies;
mod demo_site;
mod identity;
mod link_store;
mod links;
mod own_login;
mod registry;
mod upstream;
mod vendor;
mod visitors;

mod cloudbase;
mod ferndesk;
mod knoon;
pub mod recipes;
pub(crate) mod xsolla;
mod zendesk;

pub use access::VendorServices;
pub use demo_site::DemoSite;
pub use identity::{VendorIdentity, VendorIdentityError};
pub use links::{Link, Links, StoredLink, link_of, links_of_user};
pub use registry::{Vendors, VendorsConfig};
pub use upstream::{UpstreamError, UpstreamLogin, UpstreamLogins, UpstreamUser};
pub use vendor::{HandoffVendor, Vendor, VendorContext, VendorDefinition};
pub use visitors::{DirectoryError, VendorVisitor, VisitorDirectory};

/// All vendors, in the order of their pages on the demo site.
const REGISTRY: &[&VendorDefinition] = &[
    &knoon::VENDOR,
    &ferndesk::VENDOR,
    &cloudbase::VENDOR,
    &xsolla::VENDOR,
    &zendesk::VENDOR,
    &recipes::VENDOR,
];
