//! The popup's pages: "Continue as NAME", switching accounts, and the hand-off.

use app::model::{Handoff, HandoffFailure, Page, Popup, Problem};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde::Deserialize;

use super::failure::{set_retry_after_of, status};
use crate::{
    clock::Clock,
    handoff::{ChatBox, CodeError, Failure, FlowParams, Handoffs, after_sign_in, return_url},
    session,
    vendors::{HandoffVendor, Vendors},
    web::{
        AppState, CurrentUser, FormSender, Pages, Visitor,
        http::{HttpError, ReadForm, ReadQuery, SignedOut, with_query_param},
        oauth::offer_account_choice,
    },
};

/// `POST /continue`, `POST /switch-account`, `GET /handoff`, `POST /handoff/code`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/continue", post(go_on))
        .route("/switch-account", post(switch_account))
        .route("/handoff", get(hand_over))
        .route("/handoff/code", post(send_code))
}

async fn go_on(
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    Visitor(visitor): Visitor,
    ReadForm(form): ReadForm<ViewerForm>,
) -> Result<Redirect, HttpError> {
    let (flow, _) = handoffs.flow(&form.flow).await?;
    match form.viewer(visitor) {
        Some(visitor) => Ok(Redirect::to(
            &after_sign_in(&flow, &visitor.session, clock.now()).await?,
        )),
        None => Ok(Redirect::to(&flow.url("/login"))),
    }
}

async fn switch_account(
    State(handoffs): State<Handoffs>,
    State(vendors): State<Vendors>,
    Visitor(visitor): Visitor,
    headers: HeaderMap,
    ReadForm(params): ReadForm<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    if let Some(visitor) = visitor {
        visitor.session.sign_out().await?;
    }
    let mut response = Redirect::to(&flow.url("/login")).into_response();
    let set = response.headers_mut();
    session::forget_cookie(set);
    vendors.forget_credentials(&headers, set);
    offer_account_choice(set);
    Ok(response)
}

/// Shows the popup's last page. Without recent consent, such as after a link from another site, the user is
/// asked first.
async fn hand_over(
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    State(pages): State<Pages>,
    Visitor(visitor): Visitor,
    ReadQuery(query): ReadQuery<HandoffQuery>,
) -> Result<Response, SignedOut> {
    let agreed = Agreed::find(&handoffs, &clock, visitor, &query.flow).await?;
    let failure = query.failure.as_deref().and_then(HandoffFailure::from_code);
    Ok(pages.respond(StatusCode::OK, agreed.page(failure)))
}

#[derive(Deserialize)]
struct HandoffQuery {
    #[serde(flatten)]
    flow: FlowParams,
    /// Why the page's form has failed; see [`HandoffFailure::code`].
    failure: Option<String>,
}

/// For an opener that no message can reach: stores the credential under a code, and sends the browser to the
/// chat box's return page with the code. A failure is shown on the last page, whose form can be sent again.
async fn send_code(
    State(state): State<AppState>,
    Visitor(visitor): Visitor,
    sender: FormSender,
    ReadForm(form): ReadForm<ViewerForm>,
) -> Result<Response, SignedOut> {
    let AppState {
        accounts,
        handoffs,
        clock,
        pages,
        vendors,
        ..
    } = state;
    let viewer = form.viewer(visitor);
    let agreed = Agreed::find(&handoffs, &clock, viewer, &form.flow).await?;
    let challenge = agreed.popup.challenge.as_deref();
    let challenge = challenge.ok_or(HttpError::Rejected(Problem::BadRequest))?;
    let chat_box = &agreed.chat_box;
    let user = agreed.current.user.clone();
    let credential = vendors.handoff_credential(user, chat_box).await;
    if !agreed.current.is_still_signed_in(&accounts).await? {
        return Ok(agreed.fail(Failure::SignedOut, sender, &pages));
    }
    let credential = match credential {
        Ok(credential) => credential,
        Err(failure) => return Ok(agreed.fail(failure, sender, &pages)),
    };
    let session_hash = agreed.current.session.id_hash().unwrap_or_default();
    let code = handoffs
        .issue_code(&session_hash, chat_box, challenge, &credential, clock.now())
        .await;
    let code = match code {
        Ok(code) => code,
        Err(CodeError::SignedOut) => {
            return Ok(agreed.fail(Failure::SignedOut, sender, &pages));
        }
        Err(CodeError::Storage(error)) => return Err(HttpError::from(error).into()),
        Err(error @ CodeError::Seal) => return Err(HttpError::Internal(error.to_string()).into()),
    };
    let target = return_url(chat_box, Some(challenge), ("latchkey_code", &code));
    Ok(pages.leave(&chat_box.name, &target)?)
}

/// A form with the user for whom its page was rendered. A user who has signed in since has not agreed.
#[derive(Deserialize)]
struct ViewerForm {
    #[serde(flatten)]
    flow: FlowParams,
    viewer: Option<String>,
}

impl ViewerForm {
    /// The visitor, unless the page was rendered for another user.
    fn viewer(&self, visitor: Option<CurrentUser>) -> Option<CurrentUser> {
        let viewer = self.viewer.as_ref();
        visitor.filter(|visitor| viewer.is_none_or(|viewer| *viewer == visitor.user.id))
    }
}

/// A signed-in user who has recently agreed to this hand-off, and what the hand-off needs.
struct Agreed {
    /// The URL of the popup's last page.
    url: String,
    popup: Popup,
    chat_box: ChatBox,
    current: CurrentUser,
    vendor: HandoffVendor,
}

impl Agreed {
    /// Finds the user, the chat box and the consent. If any is missing, redirects to the login page.
    async fn find(
        handoffs: &Handoffs,
        clock: &Clock,
        visitor: Option<CurrentUser>,
        params: &FlowParams,
    ) -> Result<Self, SignedOut> {
        let (flow, chat_box) = handoffs.flow(params).await?;
        let login = SignedOut::LoginPage(flow.url("/login"));
        let url = flow.url("/handoff");
        let (Some(popup), Some(chat_box), Some(visitor)) = (flow.popup, chat_box, visitor) else {
            return Err(login);
        };
        let allowed = visitor
            .session
            .handoff_allowed(&chat_box.id, clock.now())
            .await;
        if !allowed.map_err(HttpError::from)? {
            return Err(login);
        }
        Ok(Self {
            url,
            popup,
            chat_box,
            current: visitor,
            vendor: Vendors::handoff().ok_or(HttpError::Rejected(Problem::NotFound))?,
        })
    }

    fn page(self, failure: Option<HandoffFailure>) -> Page {
        Page::Handoff(Handoff {
            popup: self.popup,
            viewer: self.current.user.viewer(),
            credential_path: self.vendor.credential_path.to_owned(),
            failure,
        })
    }

    /// Redirects to the page, with the failure; a script gets the page at once.
    fn fail(self, failure: Failure, sender: FormSender, pages: &Pages) -> Response {
        let shown = HandoffFailure::from(failure);
        if sender == FormSender::Page {
            let url = with_query_param(&self.url, "failure", shown.code());
            return Redirect::to(&url).into_response();
        }
        let mut response = pages.respond(status(failure), self.page(Some(shown)));
        set_retry_after_of(failure, response.headers_mut());
        response
    }
}
