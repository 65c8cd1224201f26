//! `GET /sso`: the registration, the keys, the switches and the record of logins, for people.
//! Works without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::log::{Calls, Event, Log};
use super::personas::{PERSONAS, Persona};
use super::settings::Settings;
use super::switches::SwitchView;
use super::{Sso, control};
use crate::pages::{Document, moment};
use crate::services::Service;

pub(super) fn router() -> Router<Sso> {
    Router::new()
        .route("/sso", get(show))
        .route("/sso/control", get(control::read).post(control::write))
        .route("/sso/keys/rotate", post(control::rotate_keys))
        .route("/sso/log", get(control::log).delete(control::clear_log))
}

async fn show(State(sso): State<Sso>) -> Document {
    let body = html! {
        p.lead {
            "An OpenID provider as a company would run it. People choose who they are instead of "
            "typing a password, and the host's login has to find out whether to believe them."
        }
        (switch_panel(sso.settings()))
        (log_panel(&sso.log()))
        (key_panel(&sso))
        (persona_panel())
        (client_panel(&sso))
    };
    Document::new("OpenID provider", Sso::SECTION, body)
}

fn switch_panel(settings: Settings) -> Markup {
    let slow_milliseconds = settings.slow_milliseconds;
    let all_right = Settings {
        slow_milliseconds,
        ..Settings::default()
    };
    let works = settings == all_right;
    html! {
        section.panel aria-labelledby="failures" {
            div.panel-head {
                h2 #failures { "Failures" }
                @if works { span.badge.good { "Works" } } @else { span.badge.bad { "Fails" } }
            }
            p { "Each does one thing wrong and everything else right." }
            form.fields method="post" action="/sso/control" {
                @for switch in settings.switches() { (switch_field(&switch)) }
                label for="slow" { "Slow answers take (milliseconds)" }
                input #slow name="slowMilliseconds" type="number" min="0" max="120000" required
                    value=(slow_milliseconds);
                button type="submit" { "Set the switches" }
            }
        }
    }
}

fn switch_field(switch: &SwitchView) -> Markup {
    html! {
        label for=(switch.name) { (switch.label) }
        select id=(switch.name) name=(switch.name) {
            @for position in &switch.positions {
                option value=(position.code) selected[position.is_set] { (position.meaning) }
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
                p.empty { "Nobody has signed in yet." }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="logins" {
                    (table(&["Time", "Step", "Outcome", "Who"], log.events.iter().rev().map(event_row)))
                }
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
        ("other host", calls.elsewhere),
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
    let class = if event.outcome == "ok" {
        "badge good"
    } else {
        "badge bad"
    };
    html! {
        td { (moment(&event.time)) }
        td { (event.step.label()) }
        td { span class=(class) { (event.outcome.replace('_', " ")) } }
        td { (or_dash(event.sub)) }
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
            p { "The key before the last rotation stays published, and signs nothing." }
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
    let titles = ["Name", "sub", "Email", "What for"];
    html! {
        section.panel aria-labelledby="people" {
            div.panel-head { h2 #people { "People" } }
            div.scroll tabindex="0" role="region" aria-labelledby="people" {
                (table(&titles, PERSONAS.iter().map(persona_row)))
            }
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
