//! `GET /oauth/{provider}/start`: redirects to the provider's sign-in page.

use app::model::Problem;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header::ACCEPT_LANGUAGE},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    handoff::{FlowParams, Handoffs},
    oauth::{BeginError, Browser, FlowPurpose, Hints, OAuth},
    web::http::{ClientAddress, HttpError, ReadQuery},
};

use super::{account_choice, back_to_login, browser, too_many};

/// The most languages that are told to a provider.
const MAX_LANGUAGES: usize = 5;

#[derive(Deserialize)]
pub(super) struct StartQuery {
    #[serde(flatten)]
    flow: FlowParams,
    /// The address or name of the account that the user most likely wants.
    login_hint: Option<String>,
}

pub(super) async fn start(
    State(oauth): State<OAuth>,
    State(handoffs): State<Handoffs>,
    Path(provider): Path<String>,
    ClientAddress(client): ClientAddress,
    headers: HeaderMap,
    ReadQuery(query): ReadQuery<StartQuery>,
) -> Result<Response, HttpError> {
    let provider = oauth
        .provider(&provider)
        .ok_or(HttpError::Rejected(Problem::NotFound))?;
    let (flow, _) = handoffs.flow(&query.flow).await?;
    let browser = browser::known(&headers).unwrap_or_else(Browser::new);
    let begun = FlowPurpose {
        flow: FlowParams::from(&flow),
        link_user_id: None,
    };
    let hints = Hints {
        account_choice: account_choice::wanted(&headers),
        login: query.login_hint.filter(|hint| is_name(hint)),
        languages: languages(&headers),
    };
    match oauth
        .begin(provider.as_ref(), &browser, &begun, &hints, client)
        .await
    {
        Ok(url) => {
            let mut response = Redirect::to(url.as_str()).into_response();
            browser::remember(&browser, response.headers_mut());
            Ok(response)
        }
        Err(BeginError::Provider(error)) => {
            error.log(provider.name());
            Ok(back_to_login(&flow, error.cause.explanation().problem))
        }
        Err(BeginError::RateLimited(rate_limited)) => Ok(too_many(rate_limited)),
        Err(BeginError::Storage(error)) => Err(error.into()),
    }
}

/// Whether a text can be an address or the name of an account.
fn is_name(text: &str) -> bool {
    (1..=254).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// The browser's languages as `ui_locales` (OpenID Connect Core, section 3.1.2.1).
fn languages(headers: &HeaderMap) -> Option<String> {
    let accepted = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
    let tags = accepted
        .split(',')
        .filter_map(|entry| entry.split(';').next());
    let is_tag = |tag: &&str| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (2..=35).contains(&tag.len()) && tag.bytes().all(is_plain)
    };
    let tags: Vec<&str> = tags
        .map(str::trim)
        .filter(is_tag)
        .take(MAX_LANGUAGES)
        .collect();
    (!tags.is_empty()).then(|| tags.join(" "))
}
