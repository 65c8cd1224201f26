//! `GET /cloudbase`: the keys, the switches, the users and the record of exchanges, as a page. Works
//! without JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use maud::{Markup, html};

use super::control;
use super::exchanges::Exchange;
use super::keys::{KeyStatus, KeyView};
use super::outcome::Outcome;
use super::settings::{Failure, Settings};
use super::state::CloudBase;
use super::users::User;
use crate::clock::rfc3339;
use crate::pages::parts::{
    Record, badge, buttons, number, or_dash, panel, panel_with, table, works,
};
use crate::pages::{Document, Navigation, Section, moment};

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/cloudbase",
    label: "CloudBase",
};

const CONSOLE: &str = SECTION.path;

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

async fn show(State(cloudbase): State<CloudBase>, navigation: Navigation) -> Document {
    let settings = cloudbase.settings();
    let body = html! {
        p.lead {
            "A cloud backend that pages talk to directly. It accepts every ticket that was "
            "signed with its key file, and makes a user of its own for each of yours."
        }
        (failure_panel(settings))
        (login_panel(settings))
        (key_panel(&cloudbase.keys(), settings))
        (exchange_panel(&cloudbase.exchanges()))
        (user_panel(&cloudbase.users()))
        (set_up_panel(&cloudbase))
    };
    navigation.document("CloudBase console", SECTION, body)
}

fn failure_panel(settings: Settings) -> Markup {
    let body = html! {
        p #failure { "What pages get when they call. A slow response comes after "
            (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
        (buttons(CONSOLE, "failure", "failure", Failure::ALL, settings.failure))
    };
    let works = works(settings.failure == Failure::None);
    panel_with("failures", "Gateway", works, body)
}

fn login_panel(settings: Settings) -> Markup {
    let method = [(true, "true", "Enabled"), (false, "false", "Disabled")];
    let replay = [(true, "true", "Unlimited"), (false, "false", "Once")];
    let life = settings.access_token_seconds;
    let body = html! {
        p #method { "Whether the environment has it among its login methods." }
        (buttons(CONSOLE, "method", "customLogin", &method, settings.custom_login))
        p #replay { "How often a ticket may be used within its ten minutes." }
        (buttons(CONSOLE, "replay", "allowReplay", &replay, settings.allow_replay))
        (duration("accessTokenSeconds", "Access token lifetime (s)", life))
    };
    panel("login", "Custom login", body)
}

fn key_panel(keys: &[KeyView], settings: Settings) -> Markup {
    let rotate = html! {
        form method="post" action="/cloudbase/rotate" {
            button.quiet type="submit" { "Create a new key" }
        }
    };
    let grace = settings.key_grace_seconds;
    let body = html! {
        p { "Tickets signed with the previous key are accepted until its grace period ends." }
        ul.plain { @for key in keys { li { code { (key.id) } " " (key_status(key)) } } }
        (duration("keyGraceSeconds", "Grace period after rotation (s)", grace))
    };
    panel_with("keys", "Keys", rotate, body)
}

fn key_status(key: &KeyView) -> Markup {
    let until = key.until.as_deref().unwrap_or_default();
    match key.status {
        KeyStatus::Current => badge(true, "current"),
        KeyStatus::Replaced => html! { span.badge { "accepted until " (moment(until)) } },
        KeyStatus::Expired => html! { span.badge.bad { "expired " (moment(until)) } },
    }
}

fn duration(name: &str, label: &str, seconds: u32) -> Markup {
    html! {
        form.inline method="post" action="/cloudbase/control" {
            (number(name, label, 86_400, seconds))
            button type="submit" { "Set" }
        }
    }
}

fn exchange_panel(exchanges: &[Exchange]) -> Markup {
    let record = Record {
        console: CONSOLE,
        id: "exchanges",
        title: "Exchanges",
        empty: "No page has called the gateway yet.",
        titles: &["Time", "Call", "Outcome", "Custom user ID", "sub"],
    };
    record.of(exchanges, |exchange| {
        let is_good = exchange.outcome == Outcome::Ok;
        html! {
            td { (moment(&exchange.time)) }
            td { code { (exchange.endpoint) } }
            td { (badge(is_good, &exchange.outcome.label())) }
            td { (or_dash(exchange.custom_user_id.as_deref())) }
            td { (or_dash(exchange.sub.as_deref())) }
        }
    })
}

fn user_panel(users: &[User]) -> Markup {
    let titles = ["Custom user ID", "sub", "First sign-in"];
    let body = html! {
        @if users.is_empty() {
            p.empty { "No user has signed in yet. A first sign-in makes the user." }
        } @else {
            (table("users", &titles, users.iter().map(user_row)))
        }
    };
    panel("users", "Users", body)
}

fn user_row(user: &User) -> Markup {
    html! {
        td { (user.custom_user_id) }
        td { code { (user.sub) } }
        td { (moment(&rfc3339(user.created_at / 1000))) }
    }
}

fn set_up_panel(cloudbase: &CloudBase) -> Markup {
    let body = html! {
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
    };
    panel("set-up", "Set-up", body)
}
