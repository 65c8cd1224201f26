//! `GET /signed-in`: the first page after a sign-in with a password. It sees whether the browser has kept the
//! session's cookie, and sends the user on.

use app::model::FormProblem;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use crate::{
    handoff::{self, FlowParams, Handoffs},
    web::{
        Pages, Visitor,
        http::{HttpError, ReadQuery, with_query_param},
        problems,
    },
};

pub(super) async fn show(
    State(handoffs): State<Handoffs>,
    State(pages): State<Pages>,
    Visitor(visitor): Visitor,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let (flow, _) = handoffs.flow(&params).await?;
    if visitor.is_none() {
        tracing::info!("a browser has not kept the session's cookie");
        let word = problems::word(FormProblem::NoCookies);
        let login = with_query_param(&flow.url("/login"), "problem", word);
        return Ok(Redirect::to(&login).into_response());
    }
    let target = handoff::target_of(&flow);
    match Url::parse(&target) {
        Ok(elsewhere) => pages.leave(elsewhere.host_str().unwrap_or_default(), &elsewhere),
        Err(_) => Ok(Redirect::to(&target).into_response()),
    }
}
