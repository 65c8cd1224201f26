//! Where the visitor came from and where a sign-in ends.

use url::form_urlencoded;

/// Where the visitor came from and goes back to; every form of the login carries it on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The popup login of a chat box, if this is one.
    pub popup: Option<Popup>,
    /// A path of this origin to go to after signing in.
    pub next: Option<String>,
}

/// A login popup that a chat box has opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popup {
    pub chat_box_id: String,
    pub chat_box_name: String,
    /// The opener runs `latchkey.js`, which confirms what it has received.
    pub receipt: bool,
    /// The opener can redeem a code: what its secret verifier is compared with.
    pub challenge: Option<String>,
    /// The exact origins of the pages that embed the chat box.
    pub origins: Vec<String>,
    /// Where somebody goes who does not want to sign in after all.
    pub cancel_url: String,
}

impl Flow {
    /// The query's parameters, in the order that every form and link has them.
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

    /// A page of the login with the flow in its query.
    pub fn url(&self, path: &str) -> String {
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(self.parameters())
            .finish();
        if query.is_empty() {
            path.to_owned()
        } else {
            format!("{path}?{query}")
        }
    }
}
