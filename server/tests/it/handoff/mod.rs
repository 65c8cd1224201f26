//! The hand-off: the popup's pages, the opener's script, and the demo site that embeds both.
//!
//! These tests belong to the vendor of the popup, and are deleted with it.

pub mod code;
mod consent;
mod limits;
mod opener;
mod popup;
mod provider;
mod renewal;
mod script;
mod site;

use server::vendors::{HandoffVendor, Vendors};

use crate::harness::{Browser, Response};

/// The vendor of the popup.
fn vendor() -> HandoffVendor {
    Vendors::handoff().unwrap()
}

impl Browser {
    /// Requests the credential for a chat box, as the popup's last page does.
    pub async fn credential(&self, chat_box_id: &str) -> Response {
        let body = format!(r#"{{"chatBoxId":"{chat_box_id}"}}"#);
        self.post_json(vendor().credential_path, &body).await
    }
}
