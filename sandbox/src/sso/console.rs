//! `GET /sso`: the registration, the keys, the switches and the record of logins as a page.
//! Works without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::control;
use super::log::{Calls, Event, Log};
use super::personas::{PERSONAS, Persona};
use super::settings::Settings;
use super::state::Sso;
use crate::pages::parts::{badge, number, or_dash, table, works};
use crate::pages::{Document, Navigation, Section, moment};

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/sso",
    label: "OpenID",
};

pub(super) fn router() -> Router<Sso> {
    Router::new()
        .route("/sso", get(show))
        .route("/sso/control", get(control::read).post(control::write))
        .route("/sso/keys/rotate", post(control::rotate_keys))
        .route("/sso/log", get(control::log).delete(control::clear_log))
}

async fn show(State(sso): State<Sso>, navigation: Navigation) -> Document {
    let body = html! {
        p.lead {
            "An OpenID provider as a company would run it. People choose who they are instead of "
            "typing a password, and the host's login must decide whether to accept the result."
        }
        (switch_panel(sso.settings()))
        (log_panel(&sso.log()))
        (key_panel(&sso))
        (persona_panel())
        (client_panel(&sso))
    };
    navigation.document("OpenID provider", SECTION, body)
}

fn switch_panel(settings: Settings) -> Markup {
    let slow_milliseconds = settings.slow_milliseconds;
    let all_right = Settings {
        slow_milliseconds,
        ..Settings::default()
    };
    html! {
        section.panel aria-labelledby="failures" {
            div.panel-head {
                h2 #failures { "Failures" }
                (works(settings == all_right))
            }
            p { "Each does one thing wrong and everything else right." }
            form.fields method="post" action="/sso/control" {
                @for field in settings.fields() { (field) }
                (number("slowMilliseconds", "Slow responses take (milliseconds)", 120_000, slow_milliseconds))
                button type="submit" { "Apply" }
            }
        }
    }
}

fn log_panel(log: &Log) -> Markup {
    html! {
        section.panel aria-labelledby="logins" {
            div.panel-head { h2 #logins { "Logins" } a.button.quiet href="/sso" { "Refresh" } }
            (calls(log.calls))
            @if log.events.is_empty() {
                p.empty { "No user has signed in yet." }
            } @else {
                (table("logins", &["Time", "Step", "Outcome", "Who"], log.events.iter().rev().map(event_row)))
            }
        }
    }
}

fn calls(calls: Calls) -> Markup {
    let counts = [
        ("discovery", calls.discovery),
        ("key set", calls.jwks),
        ("authorization", calls.authorization),
        ("token", calls.token),
        ("userinfo", calls.userinfo),
        ("other host", calls.other_host),
    ];
    html! {
        p { "Calls so far: "
            @for (index, (endpoint, count)) in counts.into_iter().enumerate() {
                @if index > 0 { ", " } (endpoint) " " (count)
            }
        }
    }
}

fn event_row(event: &Event) -> Markup {
    html! {
        td { (moment(&event.time)) }
        td { (event.step.label()) }
        td { (badge(event.outcome == "ok", &event.outcome.replace('_', " "))) }
        td { (or_dash(event.sub)) }
    }
}

fn key_panel(sso: &Sso) -> Markup {
    let keys = sso.public_keys().keys;
    html! {
        section.panel aria-labelledby="keys" {
            div.panel-head {
                h2 #keys { "Keys" }
                form method="post" action="/sso/keys/rotate" {
                    button.quiet type="submit" { "Rotate" }
                }
            }
            p { "The previous key stays published but no longer signs." }
            ul.plain {
                @for (index, key) in keys.iter().enumerate() {
                    li {
                        code { (key.common.key_id.as_deref().unwrap_or_default()) } " RS256 "
                        @if index == 0 { span.badge.good { "signs" } } @else { span.badge { "published" } }
                    }
                }
            }
        }
    }
}

fn persona_panel() -> Markup {
    let titles = ["Name", "sub", "Email", "Purpose"];
    html! {
        section.panel aria-labelledby="people" {
            div.panel-head { h2 #people { "People" } }
            (table("people", &titles, PERSONAS.iter().map(persona_row)))
        }
    }
}

fn persona_row(persona: &Persona) -> Markup {
    html! {
        td { (persona.name) }
        td { code { (persona.sub) } }
        td { (or_dash(persona.email)) }
        td { (persona.note) }
    }
}

fn client_panel(sso: &Sso) -> Markup {
    html! {
        section.panel aria-labelledby="client" {
            div.panel-head { h2 #client { "Client" } }
            dl.facts {
                dt { "Issuer" } dd { code { (sso.issuer()) } }
                dt { "Client ID" } dd { code { (sso.client_id()) } }
                dt { "Redirect URI" } dd { code { (sso.redirect_uri()) } }
                dt { "Metadata" }
                dd { a href="/sso/.well-known/openid-configuration" { "Discovery document" } }
            }
        }
    }
}
