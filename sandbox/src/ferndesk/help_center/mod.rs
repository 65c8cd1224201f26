//! The help center, on its own host: articles for all visitors, or for identified visitors only.

pub(super) mod cookie;
mod page;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use maud::html;

use self::page::Page;
use super::articles::{self, ARTICLES};
use super::state::Ferndesk;
use super::token::{self, Identity};
use crate::pages::{SameOrigin, asset};

pub(super) fn router() -> Router<Ferndesk> {
    Router::new()
        .route("/", get(list))
        .route("/articles/{slug}", get(read))
        .route("/sign-in", get(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/help.css", get(async || stylesheet()))
        .route("/help.js", get(async || script()))
        .fallback(not_found)
}

fn stylesheet() -> Response {
    asset("text/css; charset=utf-8", include_str!("help.css"))
}

fn script() -> Response {
    asset("text/javascript; charset=utf-8", include_str!("help.js"))
}

async fn list(State(ferndesk): State<Ferndesk>, headers: HeaderMap) -> Response {
    let visitor = match visitor_or_sign_in(&ferndesk, &headers) {
        Ok(visitor) => visitor,
        Err(to_sign_in) => return to_sign_in.into_response(),
    };
    let body = html! {
        p.lead { "Short answers to what people ask most. The button in the corner reaches a human." }
        ul.articles {
            @for article in &ARTICLES {
                li { a href={ "/articles/" (article.slug) } {
                    strong { (article.title) }
                    span { (article.summary) }
                } }
            }
        }
    };
    Page::new(&ferndesk, "How can we help?", visitor.as_ref(), body).into_response()
}

async fn read(
    State(ferndesk): State<Ferndesk>,
    Path(slug): Path<String>,
    headers: HeaderMap,
) -> Response {
    let visitor = match visitor_or_sign_in(&ferndesk, &headers) {
        Ok(visitor) => visitor,
        Err(to_sign_in) => return to_sign_in.into_response(),
    };
    let Some(article) = articles::find(&slug) else {
        return not_found(State(ferndesk)).await;
    };
    let body = html! {
        p.lead { (article.summary) }
        div.text { @for paragraph in article.paragraphs { p { (paragraph) } } }
        p { a href="/" { "All articles" } }
    };
    Page::new(&ferndesk, article.title, visitor.as_ref(), body).into_response()
}

/// Identified visitors, and visitors of a public help center, are redirected to the articles.
async fn sign_in(State(ferndesk): State<Ferndesk>, headers: HeaderMap) -> Response {
    if visitor_or_sign_in(&ferndesk, &headers).is_ok() {
        return Redirect::to("/").into_response();
    }
    let body = html! {
        p.lead { "This help center is private. Say who you are to read it." }
        ul.methods {
            li {
                strong { "Your account" }
                p {
                    "Users who are signed in at the site of this help center are signed in here "
                    "automatically (JWT)."
                }
                a.button href=(ferndesk.site_origin()) rel="noopener" { "Sign in at the site" }
            }
            li { strong { "Magic link" } p { "A mail with a link. Not played by this sandbox." } }
            li { strong { "Single sign-on" } p { "OpenID Connect. Not played by this sandbox." } }
        }
    };
    let page = Page::new(&ferndesk, "Sign in to read", None, body).waiting_for_visitor();
    (StatusCode::UNAUTHORIZED, page).into_response()
}

async fn sign_out(_: SameOrigin) -> Response {
    let mut response = Redirect::to("/").into_response();
    cookie::clear(&mut response);
    response
}

async fn not_found(State(ferndesk): State<Ferndesk>) -> Response {
    let body = html! { p.lead { "There is no such article. " a href="/" { "All articles" } } };
    let page = Page::new(&ferndesk, "Not found", None, body);
    (StatusCode::NOT_FOUND, page).into_response()
}

/// The visitor, if identified. A private help center redirects anonymous visitors to sign in.
fn visitor_or_sign_in(
    ferndesk: &Ferndesk,
    headers: &HeaderMap,
) -> Result<Option<Identity>, Redirect> {
    let visitor = visitor(ferndesk, headers);
    if visitor.is_none() && ferndesk.settings().private {
        return Err(Redirect::to("/sign-in"));
    }
    Ok(visitor)
}

/// The token is checked on every request, so its expiry or a new secret ends the visit.
fn visitor(ferndesk: &Ferndesk, headers: &HeaderMap) -> Option<Identity> {
    let token = cookie::read(headers)?;
    let (secret, now) = (ferndesk.secret(), ferndesk.clock().now());
    let mut generations = ferndesk.settings().contract.generations().iter();
    generations.find_map(|generation| token::check(token, secret, generation.id_claim, now).ok())
}
