//! The hand-off: the popup's pages, the opener's script, and the demo site that embeds both.
//!
//! These are tests of the vendor of the popup, and go with it.

mod code;
mod consent;
mod limits;
mod opener;
mod popup;
mod provider;
mod renewal;
mod script;
mod site;

use server::vendors::{HandoffVendor, Vendors};

use crate::harness::{Answer, Browser};

/// The vendor of the popup.
fn vendor() -> HandoffVendor {
    Vendors::handoff().unwrap()
}

impl Browser {
    /// The credential for a chat box, as the popup's last page asks for it.
    pub async fn credential(&self, chat_box_id: &str) -> Answer {
        let body = format!(r#"{{"chatBoxId":"{chat_box_id}"}}"#);
        self.post_json(vendor().credential_path, &body).await
    }
}
