//! The sign-in flow that forms and links carry.

use url::form_urlencoded;

/// The sign-in flow: where the visitor came from and returns to. Every form of the login carries it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Set if a chat box opened this login in a popup.
    pub popup: Option<Popup>,
    /// Path on this origin to open after signing in.
    pub next: Option<String>,
}

/// A login popup opened by a chat box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popup {
    pub chat_box_id: String,
    pub chat_box_name: String,
    /// Whether the opener acknowledges the credential with a receipt, as `latchkey.js` does.
    pub receipt: bool,
    /// PKCE challenge (RFC 7636, S256), set if the opener can redeem a code with the matching verifier.
    pub challenge: Option<String>,
    /// The exact origins of the pages that embed the chat box.
    pub origins: Vec<String>,
    /// Target of the cancel link.
    pub cancel_url: String,
}

impl Flow {
    /// The query parameters, in a fixed order.
    pub(crate) fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        if let Some(popup) = &self.popup {
            parameters.push(("chatBoxId", popup.chat_box_id.clone()));
            if popup.receipt {
                parameters.push(("receipt", "1".to_owned()));
            }
            if let Some(challenge) = &popup.challenge {
                parameters.push(("challenge", challenge.clone()));
            }
        }
        if let Some(next) = &self.next {
            parameters.push(("next", next.clone()));
        }
        parameters
    }

    /// `path` with the flow added to its query.
    pub fn url(&self, path: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.parameters())
            .finish();
        match (query.is_empty(), path.contains('?')) {
            (true, _) => path.to_owned(),
            (false, true) => format!("{path}&{query}"),
            (false, false) => format!("{path}?{query}"),
        }
    }
}
