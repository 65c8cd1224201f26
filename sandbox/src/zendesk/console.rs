//! `GET /zendesk`: switches, visitors, secrets and the record of exchanges, as a page. Works without
//! JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::control;
use super::exchanges::Exchange;
use super::messaging::users::MessagingUser;
use super::settings::{ApiScope, CreatedFormat, Failure, Settings, VisitorIdFormat};
use super::state::Zendesk;
use super::visitors::directory::Visitor;
use crate::clock::rfc3339;
use crate::pages::parts::{
    Record, badge, buttons, choice, number, or_dash, panel, panel_with, table, works,
};
use crate::pages::{Document, Navigation, Section, moment};

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/zendesk",
    label: "Zendesk",
};

const CONSOLE: &str = SECTION.path;

pub(super) fn router() -> Router<Zendesk> {
    Router::new()
        .route("/zendesk", get(show))
        .route("/zendesk/control", get(control::read).post(control::write))
        .route("/zendesk/exchanges", get(control::exchanges))
        .route(
            "/zendesk/visitors",
            get(control::visitors).post(control::ban),
        )
        .route("/zendesk/messaging/users", get(control::users))
        .route(
            "/zendesk/secret/regenerate",
            post(control::regenerate_secret),
        )
        .route("/zendesk/secret/restore", post(control::restore_secret))
}

async fn show(State(zendesk): State<Zendesk>, navigation: Navigation) -> Document {
    let settings = zendesk.settings();
    let body = html! {
        p.lead {
            "Two products, one account. Chat trades a host's token for an identity that lasts, "
            "Messaging takes a token at each login, and both accept only signed tokens."
        }
        (failure_panel(settings))
        (visitor_panel(&zendesk.visitors()))
        (user_panel(&zendesk.messaging_users()))
        (exchange_panel(&zendesk.exchanges()))
        (clock_panel(settings))
        (secret_panel(&zendesk, settings))
        (api_panel(settings))
        (set_up_panel(&zendesk))
    };
    navigation.document("Zendesk console", SECTION, body)
}

fn failure_panel(settings: Settings) -> Markup {
    let apis = [
        ("chatFailure", "Chat login", settings.chat_failure),
        ("visitorsFailure", "Visitors API", settings.visitors_failure),
        (
            "messagingFailure",
            "Messaging login",
            settings.messaging_failure,
        ),
    ];
    let fine = apis.iter().all(|(_, _, failure)| *failure == Failure::None);
    let slow = settings.slow_milliseconds;
    let body = html! {
        form.fields method="post" action="/zendesk/control" {
            @for (name, label, failure) in apis { (choice(name, label, Failure::ALL, failure)) }
            (number("slowMilliseconds", "Slow responses take (milliseconds)", 120_000, slow))
            button type="submit" { "Apply" }
        }
    };
    panel_with("failures", "Failures", works(fine), body)
}

fn visitor_panel(visitors: &[Visitor]) -> Markup {
    let titles = ["Name", "Email", "Visitor", "External ID", "Chat"];
    panel(
        "visitors",
        "Chat visitors",
        html! {
            @if visitors.is_empty() {
                p.empty { "No visitor has been authenticated yet." }
            } @else {
                (table("visitors", &titles, visitors.iter().rev().map(visitor_row)))
            }
        },
    )
}

fn visitor_row(visitor: &Visitor) -> Markup {
    let label = if visitor.banned { "Unban" } else { "Ban" };
    html! {
        td { (visitor.name) @if visitor.banned { " " span.badge.bad { "banned" } } }
        td { (visitor.email) }
        td { code { (visitor.id) } }
        td { (or_dash(visitor.external_id.as_deref())) }
        td {
            form method="post" action="/zendesk/visitors" {
                input type="hidden" name="id" value=(visitor.id);
                button.quiet type="submit" name="banned" value=(!visitor.banned)
                    aria-label={ (label) " " (visitor.name) } { (label) }
            }
        }
    }
}

fn user_panel(users: &[MessagingUser]) -> Markup {
    let titles = ["External ID", "Name", "Verified email", "Created"];
    panel(
        "users",
        "Messaging users",
        html! {
            @if users.is_empty() {
                p.empty { "No user has signed in yet." }
            } @else {
                (table("users", &titles, users.iter().rev().map(|user| html! {
                    td { (user.external_id) }
                    td { (or_dash(user.name.as_deref())) }
                    td { (or_dash(user.email.as_deref())) }
                    td { (moment(&rfc3339(user.created))) }
                })))
            }
        },
    )
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    let record = Record {
        console: CONSOLE,
        id: "exchanges",
        title: "Exchanges",
        empty: "Nothing has been asked yet.",
        titles: &["Time", "Call", "Outcome", "Details"],
    };
    record.of(exchanges, |exchange| {
        let why_or_who = exchange.details.as_ref().or(exchange.external_id.as_ref());
        html! {
            td { (moment(&exchange.time)) }
            td { (exchange.call.label()) }
            td { (badge(exchange.outcome == "ok", &exchange.outcome.replace('_', " "))) }
            td { (or_dash(why_or_who.map(String::as_str))) }
        }
    })
}

fn clock_panel(settings: Settings) -> Markup {
    let life = settings.id_token_lifetime_seconds;
    panel(
        "clock",
        "Clock and lifetime",
        html! {
            p { "A Chat token's " code { "iat" } " may be two minutes away from Zendesk's clock. Move the clock "
                "to see what a host with a wrong one would get." }
            form.fields method="post" action="/zendesk/control" {
                label for="offset" { "Zendesk's clock is ahead by (seconds)" }
                input #offset name="clockOffsetSeconds" type="number" required
                    value=(settings.clock_offset_seconds);
                (number("idTokenLifetimeSeconds", "Chat identities last (seconds)", 86_400, life))
                button type="submit" { "Set the clock" }
            }
        },
    )
}

fn secret_panel(zendesk: &Zendesk, settings: Settings) -> Markup {
    let key = [(true, "true", "Active"), (false, "false", "Inactive")];
    let (regenerated, active) = (
        zendesk.is_secret_regenerated(),
        settings.messaging_key_active,
    );
    panel(
        "secrets",
        "Secrets",
        html! {
            p { "Chat's shared secret: "
                @if regenerated { span.badge.bad { "regenerated" } " Tokens of the host are refused." }
                @else { span.badge.good { "as configured" } }
            }
            div.switches {
                form method="post" action="/zendesk/secret/regenerate" {
                    button type="submit" { "Regenerate it" }
                }
                form method="post" action="/zendesk/secret/restore" {
                    button type="submit" { "Back to the configured one" }
                }
            }
            p #messaging-key { "Messaging's signing key " code { (zendesk.config().messaging_key_id) } ":" }
            (buttons(CONSOLE, "messaging-key", "messagingKeyActive", &key, active))
        },
    )
}

fn api_panel(settings: Settings) -> Markup {
    panel(
        "api",
        "Visitors API",
        html! {
            p { "Zendesk's documents do not agree about the types. A host should take them all." }
            form.fields method="post" action="/zendesk/control" {
                (choice("visitorId", "id", VisitorIdFormat::ALL, settings.visitor_id))
                (choice("created", "created", CreatedFormat::ALL, settings.created))
                (choice("apiScope", "Scope of the token", ApiScope::ALL, settings.api_scope))
                button type="submit" { "Set the API" }
            }
        },
    )
}

fn set_up_panel(zendesk: &Zendesk) -> Markup {
    let (url, config) = (zendesk.public_url(), zendesk.config());
    let script =
        |name| format!(r##"<script src="{url}/zendesk/{name}" data-mount="#chat"></script>"##);
    panel(
        "set-up",
        "Set-up",
        html! {
            dl.facts {
                dt { "Chat account key" } dd { code { (config.chat_account_key) } }
                dt { "Messaging key ID" } dd { code { (config.messaging_key_id) } }
                dt { "Token exchange" } dd { code { "POST " (url) "/zendesk/authenticated/web/jwt" } }
                dt { "Show visitor" } dd { code { "GET " (url) "/zendesk/api/v2/visitors/{id}" } }
            }
            p { "Customers embed one of the two; without " code { "data-mount" } " it sits in the corner." }
            pre tabindex="0" { code { (script("web-sdk.js")) "\n" (script("messaging.js")) } }
        },
    )
}
