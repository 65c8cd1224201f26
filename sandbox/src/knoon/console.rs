//! `GET /knoon`: the switches and the record of exchanges, as a page. Works without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use super::control;
use super::exchanges::{Exchange, Outcome};
use super::settings::{ExpiresAtFormat, Failure, Settings};
use super::state::Knoon;
use crate::pages::parts::{Record, badge, buttons, number, or_dash, panel, panel_with, works};
use crate::pages::{Document, Navigation, Section, moment};
use crate::secret::SecretInUse;

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/knoon",
    label: "Knoon",
};

const CONSOLE: &str = SECTION.path;

pub(super) fn router() -> Router<Knoon> {
    Router::new()
        .route("/knoon", get(show))
        .route("/knoon/control", get(control::read).post(control::write))
        .route("/knoon/exchanges", get(control::exchanges))
}

async fn show(State(knoon): State<Knoon>, navigation: Navigation) -> Document {
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
    navigation.document("Knoon console", SECTION, body)
}

fn failure_panel(settings: Settings) -> Markup {
    let fine = settings.failure == Failure::None && settings.api_key == SecretInUse::Configured;
    let body = html! {
        p #failure { "What hosts get when they ask for a credential. A slow response comes after "
            (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
        (buttons(CONSOLE, "failure", "failure", Failure::ALL, settings.failure))
        p #api-key { "The host's API key. Replacing it revokes the one that the host has." }
        (buttons(CONSOLE, "api-key", "apiKey", SecretInUse::ALL, settings.api_key))
    };
    panel_with("failures", "Credentials API", works(fine), body)
}

fn credential_panel(settings: Settings) -> Markup {
    let sign_out = [
        (false, "false", "Own Sign out button"),
        (true, "true", "Block sign out"),
    ];
    let body = html! {
        p #format { "How its " code { "expiresAt" } " is written." }
        (buttons(CONSOLE, "format", "expiresAt", ExpiresAtFormat::ALL, settings.expires_at))
        p #sign-out { "Whether the chat box leaves signing out to the host's site." }
        (buttons(CONSOLE, "sign-out", "blockSignOut", &sign_out, settings.block_sign_out))
        form.inline method="post" action="/knoon/control" {
            (number("lifetimeSeconds", "Lifetime in seconds", 86_400, settings.lifetime_seconds))
            button type="submit" { "Set lifetime" }
        }
    };
    panel("credential", "Credential", body)
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    let record = Record {
        console: CONSOLE,
        id: "exchanges",
        title: "Exchanges",
        empty: "No host has asked for a credential, and no widget has brought one.",
        titles: &[
            "Time",
            "Call",
            "Outcome",
            "Chat box",
            "User",
            "Email",
            "Organization",
        ],
    };
    record.of(exchanges, |exchange| {
        let is_good = matches!(exchange.outcome, Outcome::Issued | Outcome::Accepted);
        html! {
            td { (moment(&exchange.time)) }
            td { (exchange.call.label()) }
            td { (badge(is_good, &exchange.outcome.code().replace('_', " "))) }
            td { (or_dash(exchange.chat_box_id.as_deref())) }
            td { (or_dash(exchange.external_id.as_deref())) }
            td { (or_dash(exchange.email.as_deref())) }
            td { (or_dash(exchange.org.as_deref())) }
        }
    })
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
