//! `GET /cloudbase`: the keys, the switches, the users and the record of exchanges, for people. Works
//! without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::exchanges::Exchange;
use super::keys::{KeyStatus, KeyView};
use super::outcome::Outcome;
use super::settings::{Failure, Settings};
use super::users::User;
use super::{CloudBase, control};
use crate::clock::rfc3339;
use crate::pages::{Document, moment};
use crate::services::Service;

pub(super) fn router() -> Router<CloudBase> {
    Router::new()
        .route("/cloudbase", get(show))
        .route(
            "/cloudbase/control",
            get(control::read).post(control::write),
        )
        .route("/cloudbase/rotate", post(control::rotate))
        .route("/cloudbase/exchanges", get(control::exchanges))
}

async fn show(State(cloudbase): State<CloudBase>) -> Document {
    let settings = cloudbase.settings();
    let body = html! {
        p.lead {
            "A cloud backend that pages talk to directly. It lets in whoever brings a ticket that was "
            "signed with its key file, and makes a user of its own for each of yours."
        }
        (failure_panel(settings))
        (login_panel(settings))
        (key_panel(&cloudbase.keys(), settings))
        (exchange_panel(&cloudbase.exchanges()))
        (user_panel(&cloudbase.users()))
        (set_up_panel(&cloudbase))
    };
    Document::new("CloudBase console", CloudBase::SECTION, body)
}

fn failure_panel(settings: Settings) -> Markup {
    let works = settings.failure == Failure::None;
    html! {
        section.panel aria-labelledby="failures" {
            div.panel-head {
                h2 #failures { "Gateway" }
                @if works { span.badge.good { "Works" } } @else { span.badge.bad { "Fails" } }
            }
            p { "What pages get when they call. A slow answer comes after "
                (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
            form.switches method="post" action="/cloudbase/control" {
                @for (failure, code, label) in Failure::ALL {
                    (switch("failure", code, label, failure == settings.failure))
                }
            }
        }
    }
}

fn login_panel(settings: Settings) -> Markup {
    html! {
        section.panel aria-labelledby="login" {
            div.panel-head { h2 #login { "Custom login" } }
            p #method { "Whether the environment has it among its login methods." }
            form.switches method="post" action="/cloudbase/control" aria-labelledby="method" {
                (switch("customLogin", "true", "Enabled", settings.custom_login))
                (switch("customLogin", "false", "Disabled", !settings.custom_login))
            }
            p #replay { "How often a ticket may be used within its ten minutes." }
            form.switches method="post" action="/cloudbase/control" aria-labelledby="replay" {
                (switch("allowReplay", "true", "Again and again", settings.allow_replay))
                (switch("allowReplay", "false", "Once", !settings.allow_replay))
            }
            (number("accessTokenSeconds", "Access token lives (seconds)", settings.access_token_seconds))
        }
    }
}

fn key_panel(keys: &[KeyView], settings: Settings) -> Markup {
    html! {
        section.panel aria-labelledby="keys" {
            div.panel-head {
                h2 #keys { "Keys" }
                form method="post" action="/cloudbase/rotate" {
                    button.quiet type="submit" { "Make a new key" }
                }
            }
            p { "Tickets of the key before are taken until its time is over." }
            ul.plain {
                @for key in keys {
                    li { code { (key.id) } " " (key_status(key)) }
                }
            }
            (number("keyGraceSeconds", "A replaced key goes on for (seconds)", settings.key_grace_seconds))
        }
    }
}

fn key_status(key: &KeyView) -> Markup {
    let until = key.until.as_deref().unwrap_or_default();
    match key.status {
        KeyStatus::Current => html! { span.badge.good { "current" } },
        KeyStatus::Replaced => html! { span.badge { "taken until " (moment(until)) } },
        KeyStatus::Over => html! { span.badge.bad { "over since " (moment(until)) } },
    }
}

fn switch(name: &str, value: &str, label: &str, on: bool) -> Markup {
    html! {
        button type="submit" name=(name) value=(value) aria-pressed=(on) { (label) }
    }
}

fn number(name: &str, label: &str, value: u32) -> Markup {
    html! {
        form.inline method="post" action="/cloudbase/control" {
            label for=(name) { (label) }
            input id=(name) name=(name) type="number" min="0" max="86400" required value=(value);
            button type="submit" { "Set" }
        }
    }
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    html! {
        section.panel aria-labelledby="exchanges" {
            div.panel-head { h2 #exchanges { "Exchanges" } a.button.quiet href="/cloudbase" { "Refresh" } }
            @if exchanges.is_empty() {
                p.empty { "No page has called the gateway yet." }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="exchanges" {
                    (table(&["Time", "Call", "Outcome", "Custom user ID", "sub"], exchanges.iter().rev().map(exchange_row)))
                }
            }
        }
    }
}

fn exchange_row(exchange: &Exchange) -> Markup {
    html! {
        td { (moment(&exchange.time)) }
        td { code { (exchange.endpoint) } }
        td { (outcome_badge(exchange.outcome)) }
        td { (or_dash(exchange.custom_user_id.as_deref())) }
        td { (or_dash(exchange.sub.as_deref())) }
    }
}

fn outcome_badge(outcome: Outcome) -> Markup {
    let class = if outcome == Outcome::Ok {
        "badge good"
    } else {
        "badge bad"
    };
    html! { span class=(class) { (outcome.label()) } }
}

fn user_panel(users: &[User]) -> Markup {
    html! {
        section.panel aria-labelledby="users" {
            div.panel-head { h2 #users { "Users" } }
            @if users.is_empty() {
                p.empty { "Nobody has signed in yet. A first sign-in makes the user." }
            } @else {
                div.scroll tabindex="0" role="region" aria-labelledby="users" {
                    (table(&["Custom user ID", "sub", "First sign-in"], users.iter().map(user_row)))
                }
            }
        }
    }
}

fn user_row(user: &User) -> Markup {
    html! {
        td { (user.custom_user_id) }
        td { code { (user.sub) } }
        td { (moment(&rfc3339(user.created_at / 1000))) }
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

fn set_up_panel(cloudbase: &CloudBase) -> Markup {
    html! {
        section.panel aria-labelledby="set-up" {
            div.panel-head { h2 #set-up { "Set-up" } }
            dl.facts {
                dt { "Environment" } dd { code { (cloudbase.env_id()) } }
                dt { "Gateway" } dd { code { (cloudbase.public_url()) "/auth/v1" } }
                dt { "Key file" }
                dd {
                    @match cloudbase.key_file_path() {
                        Some(path) => code { (path.display()) },
                        None => "kept in memory",
                    }
                }
            }
        }
    }
}
