//! `GET /xsolla`: the switches, the record of exchanges, the users and the project's set-up as a page.
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
use super::state::Xsolla;
use super::token_faults::TokenFault;
use super::{control, failures};
use crate::pages::parts::{
    Record, badge, choice, number, or_dash, panel, panel_with, table, works,
};
use crate::pages::{Navigation, Section, moment};
use crate::secret::SecretInUse;

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/xsolla",
    label: "Xsolla",
};

pub(super) fn router() -> Router<Xsolla> {
    Router::new()
        .route("/xsolla", get(show))
        .route("/xsolla/control", get(control::read).post(control::write))
        .route("/xsolla/keys/rotate", post(control::rotate_keys))
        .route("/xsolla/exchanges", get(control::exchanges))
}

async fn show(State(xsolla): State<Xsolla>, navigation: Navigation) -> Response {
    let keys = match xsolla.public_keys() {
        Ok(keys) => keys,
        Err(error) => return failures::internal(&error),
    };
    let body = html! {
        p.lead {
            "A Login project with its own users. Hosts take its user JWTs as proof of a user's identity, "
            "and must decide whether to accept them."
        }
        (switch_panel(xsolla.settings()))
        (exchange_panel(&xsolla.exchanges()))
        (key_panel(xsolla.settings().signature, &keys))
        (persona_panel())
        (project_panel(&xsolla))
    };
    navigation
        .document("Xsolla Login", SECTION, body)
        .into_response()
}

fn switch_panel(settings: Settings) -> Markup {
    let fine = (settings.token_fault, settings.keys, settings.api)
        == (TokenFault::None, Failure::None, Failure::None)
        && settings.secret == SecretInUse::Configured;
    let (life, slow) = (settings.lifetime_seconds, settings.slow_milliseconds);
    let body = html! {
        p { "A fault does one thing wrong and everything else right." }
        form.fields method="post" action="/xsolla/control" {
            (choice("signature", "Signature", Signature::ALL, settings.signature))
            (choice("secret", "Project's secret", SecretInUse::ALL, settings.secret))
            (choice("tokenFault", "User JWT", TokenFault::ALL, settings.token_fault))
            (choice("keys", "Key list", Failure::ALL, settings.keys))
            (choice("api", "Login API", Failure::ALL, settings.api))
            (number("lifetimeSeconds", "Tokens live for (seconds)", 2_592_000, life))
            (number("slowMilliseconds", "Slow responses take (milliseconds)", 120_000, slow))
            button type="submit" { "Apply" }
        }
    };
    panel_with("switches", "Switches", works(fine), body)
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    let record = Record {
        console: SECTION.path,
        id: "exchanges",
        title: "Exchanges",
        empty: "No calls yet.",
        titles: &["Time", "Call", "Outcome", "User"],
    };
    record.of(exchanges, |exchange| {
        let persona = exchange.user.and_then(Persona::find);
        html! {
            td { (moment(&exchange.time)) }
            td { (exchange.call.label()) }
            td { (badge(exchange.outcome == "ok", &exchange.outcome.replace('_', " "))) }
            td { (or_dash(persona.map(|persona| persona.name))) }
        }
    })
}

fn key_panel(signature: Signature, keys: &[ProjectKey]) -> Markup {
    let rotate = html! {
        form method="post" action="/xsolla/keys/rotate" {
            button.quiet type="submit" { "Rotate" }
        }
    };
    let body = html! {
        p { "The previous key stays in the list but no longer signs." }
        ul.plain {
            @for (index, key) in keys.iter().enumerate() {
                li {
                    code { (key.kid) } " RS256 "
                    @if index == 0 && signature == Signature::Rs256 { (badge(true, "signs")) }
                    @else { span.badge { "listed" } }
                }
            }
        }
    };
    panel_with("keys-panel", "Keys", rotate, body)
}

fn persona_panel() -> Markup {
    let titles = ["Name", "Username", "Email", "ID (sub)", "Purpose"];
    let body = html! {
        p { "Those with a username sign in over the API with the demo's password." }
        (table("users", &titles, PERSONAS.iter().map(persona_row)))
    };
    panel("users", "Users", body)
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

fn project_panel(xsolla: &Xsolla) -> Markup {
    let body = html! {
        dl.facts {
            dt { "Login project ID" } dd { code { (xsolla.project_id()) } }
            dt { "OAuth 2.0 client ID" } dd { code { (xsolla.client_id()) } }
            dt { "Login API" } dd { code { (xsolla.public_url()) "/xsolla/api" } }
            dt { "Login page" } dd { code { (xsolla.public_url()) "/xsolla/login" } }
            dt { "Callback URLs" }
            dd { @for callback in xsolla.callbacks().shown() { div { code { (callback) } } } }
        }
    };
    panel("project", "Project", body)
}
