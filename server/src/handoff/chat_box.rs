//! A chat box: which pages may open its login and receive its credential.

use url::Url;

use crate::config::{Origin, OriginError};

pub(super) const MAX_ID: usize = 64;

/// The chat box of the demo site.
pub const DEMO_CHAT_BOX: &str = "cb_demo";

/// A chat box that this login signs its users in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChatBox {
    /// The vendor's ID: 1 to 64 letters, digits, `-` and `_`.
    pub id: String,
    /// The display name.
    pub name: String,
    /// The origins whose pages embed it. Only pages of exactly these origins receive a credential.
    pub origins: Vec<Origin>,
    /// The return page, on one of `origins`: where the login redirects if it cannot reach its opener.
    pub return_url: Url,
}

/// Why the parts do not make a valid chat box.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChatBoxError {
    #[error("the id must be 1 to 64 letters, digits, - or _")]
    Id,
    #[error("the name must not be empty")]
    Name,
    #[error("the origin {0:?} must {1}")]
    Origin(String, OriginError),
    #[error("there must be at least one origin")]
    NoOrigin,
    #[error("the return URL must be an absolute URL below one of the origins")]
    ReturnUrl,
}

impl ChatBox {
    /// Makes a chat box from its parts, after checking them.
    ///
    /// # Errors
    /// [`ChatBoxError`] for the first part that is wrong.
    pub fn new(
        id: &str,
        name: &str,
        origins: &[String],
        return_url: &str,
    ) -> Result<Self, ChatBoxError> {
        let is_id = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > MAX_ID || !id.chars().all(is_id) {
            return Err(ChatBoxError::Id);
        }
        if name.trim().is_empty() {
            return Err(ChatBoxError::Name);
        }
        let parse = |text: &String| {
            text.parse()
                .map_err(|error| ChatBoxError::Origin(text.clone(), error))
        };
        let origins: Vec<Origin> = origins.iter().map(parse).collect::<Result<_, _>>()?;
        if origins.is_empty() {
            return Err(ChatBoxError::NoOrigin);
        }
        let return_url = Url::parse(return_url).map_err(|_| ChatBoxError::ReturnUrl)?;
        let returns_to = return_url.origin().ascii_serialization();
        if !origins.iter().any(|origin| origin.as_str() == returns_to) {
            return Err(ChatBoxError::ReturnUrl);
        }
        Ok(Self {
            id: id.to_owned(),
            name: name.trim().to_owned(),
            origins,
            return_url,
        })
    }

    /// The origin of the return page.
    pub fn return_origin(&self) -> String {
        self.return_url.origin().ascii_serialization()
    }

    /// Whether pages of an origin may open this chat box's login and receive its credential.
    pub fn allows(&self, origin: &str) -> bool {
        self.origins
            .iter()
            .any(|allowed| allowed.as_str() == origin)
    }
}

#[cfg(test)]
mod tests;
