//! `GET /ferndesk`: the switches, the analytics and the record of calls, for people. Works without
//! JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use super::analytics::IdentifiedSession;
use super::exchanges::{Exchange, Outcome};
use super::settings::{Contract, Failure, Settings};
use super::{Ferndesk, control};
use crate::pages::{Document, moment};
use crate::secret::SecretInUse;
use crate::services::Service;

pub(super) fn router() -> Router<Ferndesk> {
    Router::new()
        .route("/ferndesk", get(show))
        .route("/ferndesk/control", get(control::read).post(control::write))
        .route("/ferndesk/exchanges", get(control::exchanges))
        .route("/ferndesk/analytics", get(control::analytics))
}

async fn show(State(ferndesk): State<Ferndesk>) -> Document {
    let settings = ferndesk.settings();
    let body = html! {
        p.lead {
            "The help desk behind the widget. Pages tell it by a signed token who their user is, and "
            "it decides whether that token is good and may come from that page."
        }
        (identify_panel(settings))
        (help_centre_panel(&ferndesk, settings))
        (analytics_panel(&ferndesk.identified()))
        (exchange_panel(&ferndesk.exchanges()))
        (set_up_panel(&ferndesk))
    };
    Document::new("Ferndesk console", Ferndesk::SECTION, body)
}

fn identify_panel(settings: Settings) -> Markup {
    let works = settings.failure == Failure::None && settings.secret == SecretInUse::Configured;
    html! {
        section.panel aria-labelledby="identify" {
            div.panel-head {
                h2 #identify { "Identify" }
                @if works { span.badge.good { "Works" } } @else { span.badge.bad { "Fails" } }
            }
            p #failure { "What the widget gets when it asks who its user is. A slow answer comes after "
                (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
            form.switches method="post" action="/ferndesk/control" aria-labelledby="failure" {
                @for (failure, code, label) in Failure::ALL {
                    (switch("failure", code, label, failure == settings.failure))
                }
            }
            p #contract { "How pages call " code { "identify" } ", and the claim that holds the user's id." }
            form.switches method="post" action="/ferndesk/control" aria-labelledby="contract" {
                @for (contract, code, label) in Contract::ALL {
                    (switch("contract", code, label, contract == settings.contract))
                }
            }
            p #secret { "The help centre's secret. Replacing it makes every token invalid that the host signs." }
            form.switches method="post" action="/ferndesk/control" aria-labelledby="secret" {
                @for (secret, code, label) in SecretInUse::ALL {
                    (switch("secret", code, label, secret == settings.secret))
                }
            }
        }
    }
}

fn help_centre_panel(ferndesk: &Ferndesk, settings: Settings) -> Markup {
    html! {
        section.panel aria-labelledby="help-centre" {
            div.panel-head {
                h2 #help-centre { "Help centre" }
                a.button.quiet href=(ferndesk.help_origin()) rel="noopener" { "Open the help centre" }
            }
            p #readers { "Who may read it at " code { (ferndesk.help_origin()) } "." }
            form.switches method="post" action="/ferndesk/control" aria-labelledby="readers" {
                (switch("private", "false", "Everybody", !settings.private))
                (switch("private", "true", "Only identified visitors", settings.private))
            }
        }
    }
}

fn switch(name: &str, value: &str, label: &str, on: bool) -> Markup {
    html! {
        button type="submit" name=(name) value=(value) aria-pressed=(on) { (label) }
    }
}

fn analytics_panel(sessions: &[IdentifiedSession]) -> Markup {
    html! {
        section.panel aria-labelledby="analytics" {
            div.panel-head { h2 #analytics { "Identified sessions" } (refresh()) }
            @if sessions.is_empty() {
                p.empty { "Nobody has been identified yet." }
            } @else {
                (table("analytics", &["Time", "User", "Id", "Page", "Attributes"], html! {
                    @for session in sessions.iter().rev() {
                        tr {
                            td { (moment(&session.time)) }
                            td { (or_dash(session.name.as_deref())) br; (session.email) }
                            td { (session.user_id) }
                            td { (session.origin) }
                            td { (attributes(session)) }
                        }
                    }
                }))
            }
        }
    }
}

fn attributes(session: &IdentifiedSession) -> Markup {
    html! {
        @if session.custom_attributes.is_empty() { (or_dash(None)) }
        @else {
            ul.plain {
                @for (name, value) in &session.custom_attributes {
                    li { code { (name) } " " (value.as_str().map_or_else(|| value.to_string(), str::to_owned)) }
                }
            }
        }
    }
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    html! {
        section.panel aria-labelledby="exchanges" {
            div.panel-head { h2 #exchanges { "Identify calls" } (refresh()) }
            @if exchanges.is_empty() {
                p.empty { "No page has called identify yet." }
            } @else {
                (table("exchanges", &["Time", "Outcome", "Page", "User"], html! {
                    @for exchange in exchanges.iter().rev() {
                        tr {
                            td { (moment(&exchange.time)) }
                            td { (outcome_badge(exchange.outcome)) }
                            td { (or_dash(exchange.origin.as_deref())) }
                            td { (or_dash(exchange.user_id.as_deref())) }
                        }
                    }
                }))
            }
        }
    }
}

fn refresh() -> Markup {
    html! { a.button.quiet href="/ferndesk" { "Refresh" } }
}

fn table(labelled_by: &str, titles: &[&str], rows: Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-labelledby=(labelled_by) {
            table {
                thead { tr { @for title in titles { th scope="col" { (title) } } } }
                tbody { (rows) }
            }
        }
    }
}

fn outcome_badge(outcome: Outcome) -> Markup {
    let class = if outcome == Outcome::Identified {
        "badge good"
    } else {
        "badge bad"
    };
    html! { span class=(class) { (outcome.code().replace('_', " ")) } }
}

fn or_dash(text: Option<&str>) -> Markup {
    html! { @match text { Some(text) => (text), None => span.none { "–" } } }
}

fn set_up_panel(ferndesk: &Ferndesk) -> Markup {
    let widget_id = ferndesk.widget_id();
    let calls = format!(
        "Ferndesk('init', {{ widgetId: '{widget_id}' }});\n\
         Ferndesk('identify', {{ token }}); // from the host's own server"
    );
    html! {
        section.panel aria-labelledby="set-up" {
            div.panel-head { h2 #set-up { "Set-up" } }
            p { "The vendor's loader takes the widget's script from here once "
                code { "window.FERNDESK_SDK_SRC" } " says " code { (ferndesk.public_url()) "/ferndesk/sdk.js" }
                ". The page then calls:" }
            pre tabindex="0" { code { (calls) } }
        }
    }
}
