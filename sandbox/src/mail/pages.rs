//! The mailbox in the browser and as JSON.

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use maud::{Markup, html};
use serde::Deserialize;

use super::links::{self, Piece};
use super::mailbox::Mailbox;
use super::message::Message;
use crate::pages::{self, Document, Navigation, SameOrigin, Section, moment, parts};

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/mailbox",
    label: "Mailbox",
};

/// What a mail's HTML may do, in its frame and opened by itself: have styles, and open links in new windows.
const HTML_RULES: &str = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; \
     style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";
const FRAME_RULES: &str = "allow-popups allow-popups-to-escape-sandbox";

pub(super) fn router() -> Router<Mailbox> {
    Router::new()
        .route("/mailbox", get(list))
        .route("/mailbox/empty", post(empty))
        .route("/mailbox/{id}", get(read))
        .route("/mailbox/{id}/html", get(read_html))
        .route("/mailbox.json", get(list_json).delete(delete_all))
        .route("/assets/mailbox.js", get(async || script()))
}

fn script() -> Response {
    pages::asset("text/javascript; charset=utf-8", include_str!("mailbox.js"))
}

async fn list(State(mailbox): State<Mailbox>, navigation: Navigation) -> Document {
    let messages = mailbox.messages();
    let newest = messages.first().map_or(0, |message| message.id);
    let body = html! {
        p.lead { "What the host has sent. No mail is delivered." }
        div.toolbar {
            a.button.quiet href="/mailbox" { "Refresh" }
            @if !messages.is_empty() {
                form method="post" action="/mailbox/empty" {
                    button.quiet type="submit" { "Empty the mailbox" }
                }
            }
        }
        div #mails data-newest=(newest) {
            @if messages.is_empty() { p.empty { "No mail yet." } } @else { (rows(&messages)) }
        }
    };
    navigation
        .document("Mailbox", SECTION, body)
        .with_script("/assets/mailbox.js")
}

fn rows(messages: &[Message]) -> Markup {
    html! {
        ol.mails reversed {
            @for message in messages {
                li {
                    a href={ "/mailbox/" (message.id) } {
                        span.mail-to { (message.to.join(", ")) }
                        span.mail-date { (moment(&message.date)) }
                        span.mail-subject { (subject(message)) }
                        span.mail-preview { (preview(&message.text)) }
                    }
                }
            }
        }
    }
}

fn subject(message: &Message) -> &str {
    if message.subject.is_empty() {
        "(no subject)"
    } else {
        &message.subject
    }
}

fn preview(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().take(140).collect()
}

async fn read(
    State(mailbox): State<Mailbox>,
    navigation: Navigation,
    Path(id): Path<String>,
) -> Response {
    let Some(message) = id.parse().ok().and_then(|id| mailbox.find(id)) else {
        return pages::not_found(navigation).await;
    };
    let body = html! {
        p { a href="/mailbox" { "Back to all mails" } }
        article.panel {
            dl.facts {
                dt { "From" } dd { (message.from) }
                dt { "To" } dd { (message.to.join(", ")) }
                dt { "Received" } dd { (moment(&message.date)) }
            }
            div.mail-text { (with_links(&message.text)) }
        }
        @if message.html.is_some() {
            (parts::panel("html", "The same as HTML", html! {
                iframe.mail-html title="The mail as HTML" sandbox=(FRAME_RULES)
                    src={ "/mailbox/" (message.id) "/html" } {}
            }))
        }
    };
    navigation
        .document(subject(&message), SECTION, body)
        .with_frames()
        .into_response()
}

/// The HTML part alone, for the frame in the page of the mail.
async fn read_html(
    State(mailbox): State<Mailbox>,
    navigation: Navigation,
    Path(id): Path<String>,
) -> Response {
    let message = id.parse().ok().and_then(|id| mailbox.find(id));
    let Some(html) = message.and_then(|message| message.html) else {
        return pages::not_found(navigation).await;
    };
    let headers = [
        (CONTENT_SECURITY_POLICY, HTML_RULES),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(html)).into_response()
}

fn with_links(text: &str) -> Markup {
    html! {
        @for piece in links::split(text) {
            @match piece {
                Piece::Text(text) => (text),
                Piece::Link(link) => a href=(link) target="_blank" rel="noopener" { (link) },
            }
        }
    }
}

#[derive(Deserialize)]
struct ListQuery {
    to: Option<String>,
}

async fn list_json(
    State(mailbox): State<Mailbox>,
    Query(query): Query<ListQuery>,
) -> Json<Vec<Message>> {
    Json(match query.to {
        Some(address) => mailbox.messages_for(&address),
        None => mailbox.messages(),
    })
}

async fn delete_all(_: SameOrigin, State(mailbox): State<Mailbox>) -> StatusCode {
    mailbox.clear();
    StatusCode::NO_CONTENT
}

async fn empty(_: SameOrigin, State(mailbox): State<Mailbox>) -> Redirect {
    mailbox.clear();
    Redirect::to("/mailbox")
}
