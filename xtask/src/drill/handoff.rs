//! How a page gets a credential, through each channel by which one leaves the server.

use super::stage::Client;
use crate::http_probe::Response;

const CHAT_BOX: &str = "chatBoxId=cb_demo";

/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const FLOW: &str = "chatBoxId=cb_demo&challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A channel by which a credential, or a code for it, leaves the server. If it does, the status is 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Popup,
    Renewal,
    Code,
}

pub(super) const CHANNELS: [Channel; 3] = [Channel::Popup, Channel::Renewal, Channel::Code];

impl Client {
    /// Agrees that the chat box gets the credential of the session's user.
    pub(super) fn agree(self, cookie: &str) -> bool {
        self.status("POST /continue", cookie, FLOW) == 303
    }

    /// Requests a credential, or a code for it.
    pub(super) fn request(self, channel: Channel, path: &str, cookie: &str) -> Option<Response> {
        match channel {
            Channel::Popup => {
                let chat_box = r#"{"chatBoxId":"cb_demo"}"#;
                self.send(&format!("POST {path}"), cookie, chat_box)
            }
            Channel::Renewal => self.send_from_site("POST /api/handoff/renew", cookie, CHAT_BOX),
            Channel::Code => self.send("POST /handoff/code", cookie, FLOW),
        }
    }

    /// The path of the vendor's endpoint, as the popup's page has it.
    pub(super) fn credential_path(self, cookie: &str) -> Option<String> {
        let page = self
            .send(&format!("GET /handoff?{FLOW}"), cookie, "")?
            .text();
        let (_, rest) = page.split_once("data-credential-path=\"")?;
        Some(rest.split_once('"')?.0.to_owned())
    }

    /// A new code for the credential of the session's user.
    pub(super) fn code(self, cookie: &str) -> Option<String> {
        let page = self.request(Channel::Code, "", cookie)?.text();
        let (_, rest) = page.split_once("latchkey_code=")?;
        let code: String = rest
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
            .collect();
        Some(code).filter(|code| !code.is_empty())
    }

    /// Whether a code gives the credential.
    pub(super) fn redeem(self, code: &str) -> bool {
        let form = format!("{CHAT_BOX}&code={code}&verifier={VERIFIER}");
        let redeemed = self.send_from_site("POST /api/handoff/redeem", "", &form);
        redeemed.is_some_and(|response| response.status == 200)
    }
}
