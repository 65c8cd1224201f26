//! The flow of a sign-in: its chat box or return path, carried along in the query and in hidden fields.

use app::model::{Flow, Popup};
use serde::{Deserialize, Serialize};
use url::{Url, form_urlencoded};

use super::{ChatBox, Handoffs, NextPath, code::is_challenge, url_on_origin};
use crate::{
    clock::Timestamp,
    database::StorageError,
    session::{SessionEntries, SessionError},
};

/// Why a flow cannot continue.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    #[error("there is no chat box with this id")]
    UnknownChatBox,
    #[error("the page that opened the login is not on an allowed origin of the chat box")]
    OpenerNotAllowed,
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The parameters of a flow as the request sends them. Untrusted until [`Handoffs::flow`] has checked them.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct FlowParams {
    #[serde(rename = "chatBoxId")]
    pub chat_box_id: Option<String>,
    /// Present if the opener acknowledges the credential with a receipt.
    pub receipt: Option<String>,
    /// The challenge: S256 of the verifier that the opener keeps (RFC 7636).
    pub challenge: Option<String>,
    /// Where to go after signing in, if not in a popup.
    pub next: Option<String>,
}

/// The parameters of a validated flow, to store while the user is at a provider.
impl From<&Flow> for FlowParams {
    fn from(flow: &Flow) -> Self {
        let popup = flow.popup.as_ref();
        Self {
            chat_box_id: popup.map(|popup| popup.chat_box_id.clone()),
            receipt: popup.filter(|popup| popup.receipt).map(|_| "1".to_owned()),
            challenge: popup.and_then(|popup| popup.challenge.clone()),
            next: flow.next.clone(),
        }
    }
}

impl Handoffs {
    /// Validates the parameters of a flow. Returns the flow, and its chat box if there is one.
    ///
    /// # Errors
    /// [`FlowError::UnknownChatBox`], or if the database is unavailable.
    pub async fn flow(&self, params: &FlowParams) -> Result<(Flow, Option<ChatBox>), FlowError> {
        let Some(id) = &params.chat_box_id else {
            let next = params.next.as_deref().and_then(|next| self.next(next));
            return Ok((Flow { popup: None, next }, None));
        };
        let chat_box = self.chat_box(id).await?.ok_or(FlowError::UnknownChatBox)?;
        let challenge = params
            .challenge
            .as_deref()
            .filter(|text| is_challenge(text));
        let popup = Popup {
            chat_box_id: chat_box.id.clone(),
            chat_box_name: chat_box.name.clone(),
            receipt: params.receipt.is_some(),
            challenge: challenge.map(str::to_owned),
            origins: chat_box.origins.iter().map(ToString::to_string).collect(),
            cancel_url: return_url(&chat_box, challenge, ("latchkey_error", "cancelled")).into(),
        };
        Ok((
            Flow {
                popup: Some(popup),
                next: None,
            },
            Some(chat_box),
        ))
    }

    /// Where a sign-in may end: one of our [`NextPath`]s, or any page of the embedding site.
    fn next(&self, text: &str) -> Option<String> {
        NextPath::parse(text)
            .map(|next| next.as_str().to_owned())
            .or_else(|| url_on_origin(&self.site_origin, text))
    }

    /// Rejects a popup whose opener is known to be on an origin that the chat box does not allow. Such a
    /// popup could not deliver the credential.
    ///
    /// An unknown opener is accepted. This is a convenience, so that users learn of the problem before they
    /// type a password; the exact target origin of the message is what protects the credential.
    ///
    /// # Errors
    /// [`FlowError::OpenerNotAllowed`].
    pub fn reject_foreign_opener(
        &self,
        chat_box: &ChatBox,
        opener_origin: Option<&str>,
    ) -> Result<(), FlowError> {
        match opener_origin {
            Some(origin) if origin != self.login_origin.as_str() && !chat_box.allows(origin) => {
                tracing::info!(
                    chat_box = chat_box.id,
                    origin,
                    "rejected a popup of an origin that the chat box does not allow"
                );
                Err(FlowError::OpenerNotAllowed)
            }
            _ => Ok(()),
        }
    }
}

/// The URL of the chat box's return page with the outcome of a login. The outcome is in the fragment, which
/// browsers do not send to servers, so that it is in no log. If the return page has a fragment, such as the
/// route `#/help` of a page that routes by fragments, it stays in front.
pub fn return_url(chat_box: &ChatBox, challenge: Option<&str>, (name, value): (&str, &str)) -> Url {
    let mut fragment = form_urlencoded::Serializer::new(String::new());
    fragment.append_pair(name, value);
    fragment.append_pair("chatBoxId", &chat_box.id);
    fragment.extend_pairs(challenge.map(|challenge| ("challenge", challenge)));
    let mut url = chat_box.return_url.clone();
    let outcome = fragment.finish();
    let fragment = match url.fragment() {
        None | Some("") => outcome,
        Some(route) if route.contains('?') => format!("{route}&{outcome}"),
        Some(route) => format!("{route}?{outcome}"),
    };
    url.set_fragment(Some(&fragment));
    url
}

/// Where to send a user who has just signed in or pressed "Continue as NAME". In a popup, also records their
/// consent to the hand-off.
///
/// # Errors
/// If the session store is unavailable.
pub async fn after_sign_in(
    flow: &Flow,
    session: &SessionEntries,
    now: Timestamp,
) -> Result<String, SessionError> {
    if let Some(popup) = &flow.popup {
        session.allow_handoff(&popup.chat_box_id, now).await?;
    }
    Ok(target_of(flow))
}

/// Where a flow leads a user who is signed in and, in a popup, has consented to the hand-off.
pub fn target_of(flow: &Flow) -> String {
    match (&flow.popup, &flow.next) {
        (Some(_), _) => flow.url("/handoff"),
        (None, Some(next)) => next.clone(),
        (None, None) => NextPath::account().as_str().to_owned(),
    }
}
