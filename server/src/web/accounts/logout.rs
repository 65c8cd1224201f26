//! `POST /logout`: ends the session, and deletes the credential cookies on the parent domain.

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, header::ORIGIN},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::{
    handoff::url_on_origin,
    session::{self, SessionEntries},
    vendors::Vendors,
    web::{
        SiteSettings,
        http::{HttpError, ReadForm},
        oauth::offer_account_choice,
    },
};

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// The form. `next` may be a page of the embedding site to return to.
#[derive(Deserialize)]
pub(super) struct Logout {
    next: Option<String>,
}

/// Signing out without a session is not an error. A sign-out from the embedding site returns there.
pub(super) async fn submit(
    State(site): State<SiteSettings>,
    State(vendors): State<Vendors>,
    session: SessionEntries,
    headers: HeaderMap,
    form: Result<ReadForm<Logout>, Response>,
) -> Result<Response, HttpError> {
    session.sign_out().await?;
    let from_site = headers
        .get(ORIGIN)
        .is_some_and(|origin| origin == site.site_origin().as_str());
    let target = if from_site {
        let next = form.ok().and_then(|ReadForm(form)| form.next);
        let page = next.and_then(|next| url_on_origin(site.site_origin(), &next));
        page.unwrap_or_else(|| site.site_origin().url("/"))
    } else {
        "/login?notice=signed-out".to_owned()
    };
    let mut response = Redirect::to(&target).into_response();
    let set = response.headers_mut();
    session::forget_cookie(set);
    vendors.forget_credentials(&headers, set);
    offer_account_choice(set);
    set.insert(CLEAR_SITE_DATA, HeaderValue::from_static("\"storage\""));
    Ok(response)
}
