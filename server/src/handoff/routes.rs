//! The popup's own pages: "Continue as NAME", switching accounts, and the hand-over itself.

use app::model::{Handoff, Page, Problem};
use axum::{
    Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};

use super::{FlowParams, Handoffs, after_sign_in, flow_url};
use crate::{
    accounts::Visitor,
    clock::Clock,
    http::{HttpError, ReadForm, ReadQuery},
    render::Pages,
    session,
    state::AppState,
    vendors::Vendors,
};

/// `POST /continue`, `POST /switch-account`, `GET /handoff`.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/continue", post(go_on))
        .route("/switch-account", post(switch_account))
        .route("/handoff", get(hand_over))
}

async fn go_on(
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    Visitor(visitor): Visitor,
    ReadForm(params): ReadForm<FlowParams>,
) -> Result<Redirect, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    match visitor {
        Some(visitor) => Ok(Redirect::to(
            &after_sign_in(&flow, &visitor.session, clock.now()).await?,
        )),
        None => Ok(Redirect::to(&flow_url("/login", &flow))),
    }
}

async fn switch_account(
    State(handoffs): State<Handoffs>,
    Visitor(visitor): Visitor,
    ReadForm(params): ReadForm<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    if let Some(visitor) = visitor {
        visitor.session.sign_out().await?;
    }
    let mut response = Redirect::to(&flow_url("/login", &flow)).into_response();
    session::forget_cookie(response.headers_mut());
    Ok(response)
}

/// The last page. A visit that the user has not agreed to a moment ago, such as a link from elsewhere, is asked first.
async fn hand_over(
    State(handoffs): State<Handoffs>,
    State(clock): State<Clock>,
    State(pages): State<Pages>,
    Visitor(visitor): Visitor,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, chat_box) = handoffs.flow(&params).await?;
    let to_login = || Ok(Redirect::to(&flow_url("/login", &flow)).into_response());
    let (Some(popup), Some(chat_box), Some(visitor)) = (flow.popup.clone(), chat_box, visitor)
    else {
        return to_login();
    };
    let vendor = Vendors::HANDOFF.ok_or(HttpError::Refused(Problem::NotFound))?;
    if !visitor
        .session
        .handoff_allowed(&chat_box.id, clock.now())
        .await?
    {
        return to_login();
    }
    let handoff = Handoff {
        popup,
        viewer: visitor.user.viewer(),
        credential_path: vendor.credential_path.to_owned(),
        opener_origins: chat_box.origins.iter().map(ToString::to_string).collect(),
    };
    Ok(pages.respond(StatusCode::OK, Page::Handoff(handoff)))
}
