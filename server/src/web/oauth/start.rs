//! `GET /oauth/{provider}/start`: redirects to the provider's sign-in page.

use app::model::{FormProblem, Problem};
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};

use crate::{
    handoff::{FlowParams, Handoffs},
    oauth::{BeginError, Browser, FlowPurpose, OAuth},
    web::http::{ClientAddress, HttpError, ReadQuery},
};

use super::{back_to_login, browser, too_many};

pub(super) async fn start(
    State(oauth): State<OAuth>,
    State(handoffs): State<Handoffs>,
    Path(provider): Path<String>,
    ClientAddress(client): ClientAddress,
    headers: HeaderMap,
    ReadQuery(params): ReadQuery<FlowParams>,
) -> Result<Response, HttpError> {
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    let (flow, _) = handoffs.flow(&params).await?;
    let browser = browser::known(&headers).unwrap_or_else(Browser::new);
    let begun = FlowPurpose {
        flow: FlowParams::from(&flow),
        link_user_id: None,
    };
    match oauth
        .begin(provider.as_ref(), &browser, &begun, client)
        .await
    {
        Ok(url) => {
            let mut response = Redirect::to(url.as_str()).into_response();
            browser::remember(&browser, response.headers_mut());
            Ok(response)
        }
        Err(BeginError::Provider(error)) => {
            tracing::warn!(provider = provider.name(), %error, "cannot send the browser to the provider");
            Ok(back_to_login(&flow, FormProblem::ProviderUnavailable))
        }
        Err(BeginError::RateLimited(rate_limited)) => Ok(too_many(rate_limited)),
        Err(BeginError::Storage(error)) => Err(error.into()),
    }
}
