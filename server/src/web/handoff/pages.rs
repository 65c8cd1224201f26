//! The popup's pages: "Continue as NAME", switching accounts, and the hand-off.

use app::model::{Handoff, Page, Popup, Problem};
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
    accounts::User,
    clock::Clock,
    handoff::{ChatBox, CodeError, Failure, FlowParams, Handoffs, after_sign_in, return_url},
    session,
    vendors::{HandoffVendor, Vendors},
    web::{
        AppState, CurrentUser, Pages, Visitor,
        http::{HttpError, ReadForm, ReadQuery, SignedOut},
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
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, SignedOut> {
    let agreed = Agreed::find(&handoffs, &clock, visitor, &params).await?;
    Ok(agreed.page(&pages, None))
}

/// For an opener that no message can reach: stores the credential under a code, and redirects to the chat
/// box's return page with the code. A failure is shown on the last page, whose form can be sent again.
async fn send_code(
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    State(pages): State<Pages>,
    State(vendors): State<Vendors>,
    Visitor(visitor): Visitor,
    ReadForm(form): ReadForm<ViewerForm>,
) -> Result<Response, SignedOut> {
    let viewer = form.viewer(visitor);
    let agreed = Agreed::find(&handoffs, &clock, viewer, &form.flow).await?;
    let challenge = agreed.popup.challenge.as_deref();
    let challenge = challenge.ok_or(HttpError::Rejected(Problem::BadRequest))?;
    let chat_box = &agreed.chat_box;
    let credential = vendors
        .handoff_credential(agreed.user.clone(), chat_box)
        .await;
    let credential = match credential {
        Ok(credential) => credential,
        Err(failure) => return Ok(agreed.page(&pages, Some(failure))),
    };
    let code = handoffs
        .issue_code(
            &agreed.session_hash,
            chat_box,
            challenge,
            &credential,
            clock.now(),
        )
        .await;
    let code = match code {
        Ok(code) => code,
        Err(CodeError::SignedOut) => return Ok(agreed.page(&pages, Some(Failure::SignedOut))),
        Err(CodeError::Storage(error)) => return Err(HttpError::from(error).into()),
        Err(error @ CodeError::Seal) => return Err(HttpError::Internal(error.to_string()).into()),
    };
    let target = return_url(chat_box, Some(challenge), ("latchkey_code", &code));
    Ok(Redirect::to(target.as_str()).into_response())
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
    popup: Popup,
    chat_box: ChatBox,
    user: User,
    /// The hash of the ID of the session in which the user has agreed.
    session_hash: String,
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
            popup,
            chat_box,
            user: visitor.user,
            session_hash: visitor.session.id_hash().unwrap_or_default(),
            vendor: Vendors::handoff().ok_or(HttpError::Rejected(Problem::NotFound))?,
        })
    }

    fn page(self, pages: &Pages, failure: Option<Failure>) -> Response {
        let handoff = Handoff {
            popup: self.popup,
            viewer: self.user.viewer(),
            credential_path: self.vendor.credential_path.to_owned(),
            return_origin: self.chat_box.return_origin(),
            failure: failure.map(Into::into),
        };
        let status = failure.map_or(StatusCode::OK, status);
        let mut response = pages.respond(status, Page::Handoff(handoff));
        if let Some(failure) = failure {
            set_retry_after_of(failure, response.headers_mut());
        }
        response
    }
}
