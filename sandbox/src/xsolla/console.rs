//! `GET /xsolla`: the switches, the record of exchanges, the users and the project's set-up, for people.
//! Works without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use maud::{Markup, html};

use super::exchanges::Exchange;
use super::keys::ProjectKey;
use super::personas::{PERSONAS, Persona};
use super::settings::{Failure, Settings, Signature};
use super::token_faults::TokenFault;
use super::{Xsolla, control, failures};
use crate::pages::{Document, moment};
use crate::secret::SecretInUse;
use crate::services::Service;

pub(super) fn router() -> Router<Xsolla> {
    Router::new()
        .route("/xsolla", get(show))
        .route("/xsolla/control", get(control::read).post(control::write))
        .route("/xsolla/keys/rotate", post(control::rotate_keys))
        .route("/xsolla/exchanges", get(control::exchanges))
}

async fn show(State(xsolla): State<Xsolla>) -> Response {
    let keys = match xsolla.public_keys() {
        Ok(keys) => keys,
        Err(error) => return failures::internal(&error),
    };
    let body = html! {
        p.lead {
            "A Login project with its own users. Hosts take its user JWTs as proof of who somebody is, "
            "and have to find out whether to believe them."
        }
        (switch_panel(xsolla.settings()))
        (exchange_panel(&xsolla.exchanges()))
        (key_panel(xsolla.settings().signature, &keys))
        (persona_panel())
        (project_panel(&xsolla))
    };
    Document::new("Xsolla Login", Xsolla::SECTION, body).into_response()
}

fn switch_panel(settings: Settings) -> Markup {
    let works = (settings.token_fault, settings.keys, settings.api)
        == (TokenFault::None, Failure::None, Failure::None)
        && settings.secret == SecretInUse::Configured;
    let faults = TokenFault::ALL
        .map(|(fault, code, meaning)| (code, meaning, fault == settings.token_fault));
    let signatures = Signature::ALL
        .map(|(signature, code, meaning)| (code, meaning, signature == settings.signature));
    let secrets =
        SecretInUse::ALL.map(|(secret, code, meaning)| (code, meaning, secret == settings.secret));
    let failures =
        |set| Failure::ALL.map(|(failure, code, meaning)| (code, meaning, failure == set));
    html! {
        section.panel aria-labelledby="switches" {
            div.panel-head {
                h2 #switches { "Switches" }
                @if works { span.badge.good { "Works" } } @else { span.badge.bad { "Fails" } }
            }
            p { "A fault does one thing wrong and everything else right." }
            form.fields method="post" action="/xsolla/control" {
                (switch("signature", "Signature", &signatures))
                (switch("secret", "Project's secret", &secrets))
                (switch("tokenFault", "User JWT", &faults))
                (switch("keys", "Key list", &failures(settings.keys)))
                (switch("api", "Login API", &failures(settings.api)))
                (number("lifetimeSeconds", "Tokens live for (seconds)", 2_592_000, settings.lifetime_seconds))
                (number("slowMilliseconds", "Slow answers take (milliseconds)", 120_000, settings.slow_milliseconds))
                button type="submit" { "Set the switches" }
            }
        }
    }
}

/// A switch of these positions: code, meaning, and whether it stands there.
fn switch(name: &str, label: &str, positions: &[(&str, &str, bool)]) -> Markup {
    html! {
        label for=(name) { (label) }
        select id=(name) name=(name) {
            @for (code, meaning, is_set) in positions {
                option value=(code) selected[*is_set] { (meaning) }
            }
        }
    }
}

fn number(name: &str, label: &str, highest: u32, value: u32) -> Markup {
    html! {
        label for=(name) { (label) }
        input id=(name) name=(name) type="number" min="0" max=(highest) required value=(value);
    }
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    html! {
        section.panel aria-labelledby="exchanges" {
            div.panel-head { h2 #exchanges { "Exchanges" } a.button.quiet href="/xsolla" { "Refresh" } }
            @if exchanges.is_empty() {
                p.empty { "Nobody has asked for anything yet." }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="exchanges" {
                    (table(&["Time", "Call", "Outcome", "User"], exchanges.iter().rev().map(exchange_row)))
                }
            }
        }
    }
}

fn exchange_row(exchange: &Exchange) -> Markup {
    let class = match exchange.outcome {
        "ok" => "badge good",
        _ => "badge bad",
    };
    let name = exchange
        .user
        .and_then(Persona::find)
        .map(|persona| persona.name);
    html! {
        td { (moment(&exchange.time)) }
        td { (exchange.call.label()) }
        td { span class=(class) { (exchange.outcome.replace('_', " ")) } }
        td { (or_dash(name)) }
    }
}

fn key_panel(signature: Signature, keys: &[ProjectKey]) -> Markup {
    html! {
        section.panel aria-labelledby="keys-panel" {
            div.panel-head {
                h2 #keys-panel { "Keys" }
                form method="post" action="/xsolla/keys/rotate" {
                    button.quiet type="submit" { "Rotate" }
                }
            }
            p { "The key before the last rotation stays in the list, and signs nothing." }
            ul.plain {
                @for (index, key) in keys.iter().enumerate() {
                    li {
                        code { (key.kid) } " RS256 "
                        @if index == 0 && signature == Signature::Rs256 { span.badge.good { "signs" } }
                        @else { span.badge { "listed" } }
                    }
                }
            }
        }
    }
}

fn persona_panel() -> Markup {
    html! {
        section.panel aria-labelledby="users" {
            div.panel-head { h2 #users { "Users" } }
            p { "Those with a username sign in over the API with the demo's password." }
            div.scroll tabindex="0" role="region" aria-labelledby="users" {
                (table(&["Name", "Username", "Email", "ID (sub)", "What for"], PERSONAS.iter().map(persona_row)))
            }
        }
    }
}

fn persona_row(persona: &Persona) -> Markup {
    html! {
        td { (persona.name) }
        td { (or_dash(persona.username)) }
        td { (or_dash(persona.email)) }
        td { code { (persona.sub) } }
        td { (persona.note) }
    }
}

fn table(titles: &[&str], rows: impl Iterator<Item = Markup>) -> Markup {
    html! {
        table {
            thead { tr { @for title in titles { th scope="col" { (title) } } } }
            tbody { @for row in rows { tr { (row) } } }
        }
    }
}

fn or_dash(text: Option<&str>) -> Markup {
    html! { @match text { Some(text) => (text), None => span.none { "–" } } }
}

fn project_panel(xsolla: &Xsolla) -> Markup {
    html! {
        section.panel aria-labelledby="project" {
            div.panel-head { h2 #project { "Project" } }
            dl.facts {
                dt { "Login project ID" } dd { code { (xsolla.project_id()) } }
                dt { "OAuth 2.0 client ID" } dd { code { (xsolla.client_id()) } }
                dt { "Login API" } dd { code { (xsolla.public_url()) "/xsolla/api" } }
                dt { "Login page" } dd { code { (xsolla.public_url()) "/xsolla/login" } }
                dt { "Callback URLs" }
                dd { @for callback in xsolla.callbacks().iter() { div { code { (callback) } } } }
            }
        }
    }
}
