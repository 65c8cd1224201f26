//! The vendors: each turns a signed-in user into the short-lived credential that its widget or backend wants.
//!
//! A vendor is one folder with the same files as the others: `mod.rs` (its routes), `config.rs` (its variables; without
//! them it is off and its routes answer 404), `credential.rs`, `showcase.rs` (its page on the demo site) with
//! `showcase.js` and what the page shows as code, `demo.env`, `README.md`. It is registered here, and nothing else
//! knows it by name but sign-in, where a vendor can be an identity provider as well.

mod access;
mod cookies;
mod identity;
mod link_store;
mod links;
mod own_login;
mod place;
mod signing;
mod upstream;
mod vendor;
mod visitors;

mod cloudbase;
mod ferndesk;
mod knoon;
pub(crate) mod xsolla;
mod zendesk;

use std::sync::Arc;

use app::model::Showcase;
use axum::Router;

use self::{
    access::Registered,
    own_login::{OwnLogin, OwnLoginConfig},
    vendor::{Vendor, first, start},
};
use crate::{
    accounts::User,
    config::{HttpConfig, Source},
    handoff::{Credential, Failure, Handoffs},
    state::AppState,
};

pub use identity::{VendorIdentity, Withheld};
pub use links::{Link, Links, StoredLink, link_of, links_of_user};
pub use place::Place;
pub use upstream::{UpstreamError, UpstreamLogin, UpstreamLogins, UpstreamUser};
pub use vendor::{HandoffVendor, Surroundings};
pub use visitors::{DirectoryError, VendorVisitor, VisitorDirectory};

macro_rules! vendors {
    ($($name:ident: $vendor:ty;)+) => {
        /// The vendors' settings; `None` is a vendor that is off.
        #[derive(Clone, Debug)]
        pub struct VendorsConfig {
            $( $name: Option<<$vendor as Vendor>::Config>, )+
            own_login: Option<OwnLoginConfig>,
        }

        impl VendorsConfig {
            pub(crate) fn from_source(source: &Source, http: &HttpConfig) -> Self {
                Self {
                    $( $name: <$vendor>::config(source, http), )+
                    own_login: OwnLoginConfig::from_source(source, http),
                }
            }
        }

        /// The vendors that are on.
        #[derive(Clone, Debug)]
        pub struct Vendors {
            $( $name: Option<Arc<$vendor>>, )+
            upstream_logins: UpstreamLogins,
            /// The parent domain on which pages keep credentials.
            cookie_domain: Arc<str>,
        }

        impl Vendors {
            /// The vendor of the popup, if one is registered.
            pub const HANDOFF: Option<HandoffVendor> = first(&[$( <$vendor>::HANDOFF, )+]);

            /// Sets up and tests every vendor that is configured.
            ///
            /// # Errors
            /// If a vendor's settings make no vendor, or its first credential is none.
            pub fn new(
                config: &VendorsConfig,
                surroundings: &Surroundings<'_>,
            ) -> anyhow::Result<Self> {
                $( let $name = start(config.$name.as_ref(), surroundings)?; )+
                let own_login = config.own_login.as_ref();
                let own_login = own_login.map(|config| OwnLogin::start(config, surroundings));
                let own_login = own_login.transpose()?;
                let logins = [own_login, $( $name.clone().and_then(Vendor::upstream_login), )+];
                Ok(Self {
                    $( $name, )+
                    upstream_logins: UpstreamLogins::new(logins.into_iter().flatten()),
                    cookie_domain: surroundings.http.cookie_domain.as_str().into(),
                })
            }

            /// The logins elsewhere whose users vendors may take.
            pub fn upstream_logins(&self) -> &UpstreamLogins {
                &self.upstream_logins
            }

            /// The lists of visitors that can be asked.
            pub fn visitor_directories(&self) -> Vec<Arc<dyn VisitorDirectory>> {
                let directories = [$( self.$name.clone().and_then(Vendor::visitor_directory), )+];
                directories.into_iter().flatten().collect()
            }

            /// The endpoints of all vendors for pages of the login alone.
            pub fn routes() -> Router<AppState> {
                Router::new()$( .merge(<$vendor>::routes()) )+
            }

            /// The endpoints of all vendors that pages of the embedding site read by GET.
            pub fn readable_routes() -> Router<AppState> {
                Router::new()$( .merge(<$vendor>::readable_routes()) )+
            }

            /// The popup's credential for a user, as its credential endpoint gives it.
            ///
            /// # Errors
            /// [`Failure`] as the popup explains it.
            pub async fn handoff_credential(
                &self,
                user: User,
                chat_box_id: &str,
                handoffs: &Handoffs,
            ) -> Result<Credential, Failure> {
                $( if <$vendor>::HANDOFF.is_some() {
                    let vendor = self.$name.as_ref().ok_or(Failure::Unavailable)?;
                    return vendor.handoff_credential(user, chat_box_id, handoffs).await;
                } )+
                Err(Failure::Unavailable)
            }

            /// Names under which credentials may be found in a browser; a star ends a beginning.
            pub fn traces(&self) -> Vec<String> {
                let token = (!self.upstream_logins.is_empty()).then(|| upstream::COOKIE.to_owned());
                let own = [$( <$vendor>::COOKIES, <$vendor>::STORAGE, )+].into_iter().flatten();
                own.map(ToString::to_string).chain(token).collect()
            }

            /// The pages of the vendors that are on.
            pub fn showcases(&self, place: &Place<'_>) -> Vec<Showcase> {
                let logins = &self.upstream_logins;
                let all = [$( self.$name.as_ref().and_then(|vendor| vendor.showcase(place, logins)), )+];
                all.into_iter().flatten().collect()
            }

            /// The script of a vendor's page.
            pub fn showcase_script(name: &str) -> Option<&'static str> {
                let all = [$( (stringify!($name), <$vendor>::SHOWCASE_SCRIPT), )+];
                let found = all.into_iter().find(|(other, _)| *other == name);
                found.map(|(_, script)| script).filter(|script| !script.is_empty())
            }

            /// Whether a cookie of this name on the parent domain holds a credential: a vendor's, or the token of a
            /// login elsewhere that is believed here.
            fn is_credential_cookie(&self, name: &str) -> bool {
                let cookies = [$( <$vendor>::COOKIES, )+];
                let is_token = name == upstream::COOKIE && !self.upstream_logins.is_empty();
                is_token || cookies.into_iter().flatten().any(|cookie| vendor::matches(cookie, name))
            }
        }

        $(impl Registered for $vendor {
            fn of(vendors: &Vendors) -> Option<Arc<Self>> {
                vendors.$name.clone()
            }
        })+
    };
}

vendors! {
    knoon: knoon::Knoon;
    ferndesk: ferndesk::Ferndesk;
    cloudbase: cloudbase::CloudBase;
    xsolla: xsolla::Xsolla;
    zendesk: zendesk::Zendesk;
}
