//! The mailbox for everything the host sends: an SMTP receiver, pages to read mails, JSON for tests.

mod config;
mod links;
mod mailbox;
mod message;
mod pages;
pub(crate) mod smtp;

use axum::Router;

pub use config::MailConfig;
pub use mailbox::Mailbox;
pub use message::Message;

use crate::pages::Section;
use crate::running::Running;
use crate::service::{Card, Service};

impl Service for Mailbox {
    fn section(&self) -> Section {
        pages::SECTION
    }

    fn card(&self) -> Card {
        Card {
            title: "Mailbox",
            text: "Every mail the host would send: confirmations, password resets, notices. \
                   No mail is delivered.",
            path: "/mailbox",
            link: "Open the mailbox",
        }
    }

    fn router(&self) -> Router {
        pages::router().with_state(self.clone())
    }
}

impl Running {
    /// The state and the switches behind the service's routes.
    pub fn mailbox(&self) -> &Mailbox {
        self.service()
    }
}
