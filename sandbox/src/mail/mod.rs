//! A mailbox for everything the host sends: an SMTP receiver, pages to read it, JSON for tests.

mod links;
mod mailbox;
mod message;
mod pages;
pub(crate) mod smtp;

use std::net::SocketAddr;

use axum::Router;
use clap::Args;

pub use mailbox::Mailbox;
pub use message::Message;

use crate::config::loopback;
use crate::pages::{Card, Section};
use crate::services::{Service, Surroundings};

/// Where mail is received.
#[derive(Debug, Clone, Args)]
pub struct MailConfig {
    /// Address of the sandbox's mail receiver (SMTP). Port 0 takes any free port.
    #[arg(long, env = "SANDBOX_SMTP_ADDR", default_value_t = loopback(3002))]
    pub smtp_addr: SocketAddr,
}

impl Default for MailConfig {
    fn default() -> Self {
        Self {
            smtp_addr: loopback(3002),
        }
    }
}

impl Service for Mailbox {
    type Config = MailConfig;

    const SECTION: Section = Section {
        path: "/mailbox",
        label: "Mailbox",
    };

    fn new(_: &MailConfig, surroundings: &Surroundings) -> anyhow::Result<Self> {
        Ok(Self::empty(surroundings.clock.clone()))
    }

    fn card(&self) -> Card {
        Card {
            title: "Mailbox",
            text: "Every mail the host would send: confirmations, password resets, notices. \
                   Nothing is delivered to anybody.",
            path: "/mailbox",
            link: "Open the mailbox",
        }
    }

    fn router(&self) -> Router {
        pages::router().with_state(self.clone())
    }
}
