//! The vendors: each turns a signed-in user into the short-lived credential that its widget or backend wants.
//!
//! A vendor is one folder with the same files as the others: `mod.rs` (its endpoints), `config.rs` (its variables;
//! without them it is off and its endpoints answer 404), `credential.rs`, `showcase.rs` (its page on the demo site)
//! with `showcase.js` and what the page shows as code, `demo.env`, `README.md`. It has one line in [`REGISTRY`], and
//! nothing else knows it by name but sign-in, where a vendor can be an identity provider as well.

mod access;
mod cookies;
mod demo_site;
mod identity;
mod link_store;
mod links;
mod own_login;
mod registry;
mod signing;
mod upstream;
mod vendor;
mod visitors;

mod cloudbase;
mod ferndesk;
mod knoon;
pub(crate) mod xsolla;
mod zendesk;

pub use access::VendorServices;
pub use demo_site::DemoSite;
pub use identity::{VendorIdentity, Withheld};
pub use links::{Link, Links, StoredLink, link_of, links_of_user};
pub use registry::{Vendors, VendorsConfig};
pub use upstream::{UpstreamError, UpstreamLogin, UpstreamLogins, UpstreamUser};
pub use vendor::{HandoffVendor, Vendor, VendorContext, VendorDefinition};
pub use visitors::{DirectoryError, VendorVisitor, VisitorDirectory};

/// Every vendor, in the order of their pages on the demo site.
const REGISTRY: &[&VendorDefinition] = &[
    &knoon::VENDOR,
    &ferndesk::VENDOR,
    &cloudbase::VENDOR,
    &xsolla::VENDOR,
    &zendesk::VENDOR,
];
