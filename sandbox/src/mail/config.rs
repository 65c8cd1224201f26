//! The sandbox's settings for mail.

use std::net::SocketAddr;

use clap::Args;

use crate::origin::loopback;

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
