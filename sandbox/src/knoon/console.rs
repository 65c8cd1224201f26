//! `GET /knoon`: the switches and the record of exchanges, for people. Works without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use super::exchanges::{Exchange, Outcome};
use super::settings::{ExpiresAtFormat, Failure, Settings};
use super::{Knoon, control};
use crate::pages::{Document, moment};
use crate::secret::SecretInUse;
use crate::services::Service;

pub(super) fn router() -> Router<Knoon> {
    Router::new()
        .route("/knoon", get(show))
        .route("/knoon/control", get(control::read).post(control::write))
        .route("/knoon/exchanges", get(control::exchanges))
}

async fn show(State(knoon): State<Knoon>) -> Document {
    let settings = knoon.settings();
    let body = html! {
        p.lead {
            "The cloud behind the chat box. Hosts exchange their users for credentials here, and "
            "the chat box asks here whether a credential is good."
        }
        (failure_panel(settings))
        (credential_panel(settings))
        (exchange_panel(&knoon.exchanges()))
        (set_up_panel(&knoon))
    };
    Document::new("Knoon console", Knoon::SECTION, body)
}

fn failure_panel(settings: Settings) -> Markup {
    let works = settings.failure == Failure::None && settings.api_key == SecretInUse::Configured;
    html! {
        section.panel aria-labelledby="failures" {
            div.panel-head {
                h2 #failures { "Credentials API" }
                @if works { span.badge.good { "Works" } } @else { span.badge.bad { "Fails" } }
            }
            p { "What hosts get when they ask for a credential. A slow answer comes after "
                (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
            form.switches method="post" action="/knoon/control" {
                @for (failure, code, label) in Failure::ALL {
                    (switch("failure", code, label, failure == settings.failure))
                }
            }
            p #api-key { "The host's API key. Replacing it revokes the one that the host has." }
            form.switches method="post" action="/knoon/control" aria-labelledby="api-key" {
                @for (key, code, label) in SecretInUse::ALL {
                    (switch("apiKey", code, label, key == settings.api_key))
                }
            }
        }
    }
}

fn credential_panel(settings: Settings) -> Markup {
    html! {
        section.panel aria-labelledby="credential" {
            div.panel-head { h2 #credential { "Credential" } }
            p #format { "How its " code { "expiresAt" } " is written." }
            form.switches method="post" action="/knoon/control" aria-labelledby="format" {
                @for (format, code, label) in ExpiresAtFormat::ALL {
                    (switch("expiresAt", code, label, format == settings.expires_at))
                }
            }
            p #sign-out { "Whether the chat box leaves signing out to the host's site." }
            form.switches method="post" action="/knoon/control" aria-labelledby="sign-out" {
                (switch("blockSignOut", "false", "Own Sign out button", !settings.block_sign_out))
                (switch("blockSignOut", "true", "Block sign out", settings.block_sign_out))
            }
            form.inline method="post" action="/knoon/control" {
                label for="lifetime" { "Lifetime in seconds" }
                input #lifetime name="lifetimeSeconds" type="number" min="0" max="86400" required
                    value=(settings.lifetime_seconds);
                button type="submit" { "Set lifetime" }
            }
        }
    }
}

fn switch(name: &str, value: &str, label: &str, on: bool) -> Markup {
    html! {
        button type="submit" name=(name) value=(value) aria-pressed=(on) { (label) }
    }
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    html! {
        section.panel aria-labelledby="exchanges" {
            div.panel-head { h2 #exchanges { "Exchanges" } a.button.quiet href="/knoon" { "Refresh" } }
            @if exchanges.is_empty() {
                p.empty { "No host has asked for a credential, and no widget has brought one." }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="exchanges" {
                    (exchange_table(exchanges))
                }
            }
        }
    }
}

fn exchange_table(exchanges: &[Exchange]) -> Markup {
    html! {
        table {
            thead { tr {
                @for title in ["Time", "Call", "Outcome", "Chat box", "User", "Email", "Organization"] {
                    th scope="col" { (title) }
                }
            } }
            tbody {
                @for exchange in exchanges.iter().rev() {
                    tr {
                        td { (moment(&exchange.time)) }
                        td { (exchange.call.label()) }
                        td { (outcome_badge(exchange.outcome)) }
                        td { (or_dash(exchange.chat_box_id.as_deref())) }
                        td { (or_dash(exchange.external_id.as_deref())) }
                        td { (or_dash(exchange.email.as_deref())) }
                        td { (or_dash(exchange.org.as_deref())) }
                    }
                }
            }
        }
    }
}

fn outcome_badge(outcome: Outcome) -> Markup {
    let class = match outcome {
        Outcome::Issued | Outcome::Accepted => "badge good",
        _ => "badge bad",
    };
    html! { span class=(class) { (outcome.code().replace('_', " ")) } }
}

fn or_dash(text: Option<&str>) -> Markup {
    html! { @match text { Some(text) => (text), None => span.none { "–" } } }
}

fn set_up_panel(knoon: &Knoon) -> Markup {
    let tag = format!(
        r##"<script src="{}/knoon/chatbox.js" data-chat-box-id="cb_demo" data-mount="#chat" defer></script>"##,
        knoon.public_url()
    );
    html! {
        section.panel aria-labelledby="set-up" {
            div.panel-head { h2 #set-up { "Set-up" } }
            p { "Hosts call " code { "POST " (knoon.public_url()) "/knoon/v1/credentials/login" }
                " as organization " code { (knoon.org_id()) } ". Customers embed the chat box:" }
            pre tabindex="0" { code { (tag) } }
            ul.plain {
                @for chat_box in knoon.chat_boxes().iter() {
                    li {
                        code { (chat_box.id) } " " (chat_box.name) " "
                        @if !chat_box.sign_in_enabled { span.badge { "sign-in off" } }
                    }
                }
            }
        }
    }
}
