//! `GET /ferndesk`: the switches, the analytics and the record of calls, as a page. Works without
//! JavaScript.

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use maud::{Markup, html};

use super::analytics::IdentifiedSession;
use super::control;
use super::exchanges::{Exchange, Outcome};
use super::settings::{Contract, Failure, Settings};
use super::state::Ferndesk;
use crate::pages::parts::{Record, badge, buttons, or_dash, panel, panel_with, works};
use crate::pages::{Document, Navigation, Section, moment};
use crate::secret::SecretInUse;

/// The service's entry in the navigation.
pub(super) const SECTION: Section = Section {
    path: "/ferndesk",
    label: "Ferndesk",
};

const CONSOLE: &str = SECTION.path;

pub(super) fn router() -> Router<Ferndesk> {
    Router::new()
        .route("/ferndesk", get(show))
        .route("/ferndesk/control", get(control::read).post(control::write))
        .route("/ferndesk/exchanges", get(control::exchanges))
        .route("/ferndesk/analytics", get(control::analytics))
}

async fn show(State(ferndesk): State<Ferndesk>, navigation: Navigation) -> Document {
    let settings = ferndesk.settings();
    let body = html! {
        p.lead {
            "The help desk behind the widget. Pages tell it by a signed token who their user is, and "
            "it decides whether that token is good and may come from that page."
        }
        (identify_panel(settings))
        (help_center_panel(&ferndesk, settings))
        (analytics_panel(&ferndesk.identified()))
        (exchange_panel(&ferndesk.exchanges()))
        (set_up_panel(&ferndesk))
    };
    navigation.document("Ferndesk console", SECTION, body)
}

fn identify_panel(settings: Settings) -> Markup {
    let fine = settings.failure == Failure::None && settings.secret == SecretInUse::Configured;
    let body = html! {
        p #failure { "What the widget gets when it asks who its user is. A slow response comes after "
            (f64::from(settings.slow_milliseconds) / 1000.0) " seconds." }
        (buttons(CONSOLE, "failure", "failure", Failure::ALL, settings.failure))
        p #contract { "How pages call " code { "identify" } ", and the claim that holds the user's id." }
        (buttons(CONSOLE, "contract", "contract", Contract::ALL, settings.contract))
        p #secret { "The help center's secret. Replacing it makes every token invalid that the host signs." }
        (buttons(CONSOLE, "secret", "secret", SecretInUse::ALL, settings.secret))
    };
    panel_with("identify", "Identify", works(fine), body)
}

fn help_center_panel(ferndesk: &Ferndesk, settings: Settings) -> Markup {
    let origin = ferndesk.help_origin();
    let link = html! { a.button.quiet href=(origin) rel="noopener" { "Open the help center" } };
    let readers = [
        (false, "false", "All visitors"),
        (true, "true", "Only identified visitors"),
    ];
    let body = html! {
        p #readers { "Who may read it at " code { (origin) } "." }
        (buttons(CONSOLE, "readers", "private", &readers, settings.private))
    };
    panel_with("help-center", "Help center", link, body)
}

fn analytics_panel(sessions: &[IdentifiedSession]) -> Markup {
    let record = Record {
        console: CONSOLE,
        id: "analytics",
        title: "Identified sessions",
        empty: "No user has been identified yet.",
        titles: &["Time", "User", "Id", "Page", "Attributes"],
    };
    record.of(sessions, |session| {
        html! {
            td { (moment(&session.time)) }
            td { (or_dash(session.name.as_deref())) br; (session.email) }
            td { (session.user_id) }
            td { (session.origin) }
            td { (attributes(session)) }
        }
    })
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
    let record = Record {
        console: CONSOLE,
        id: "exchanges",
        title: "Identify calls",
        empty: "No page has called identify yet.",
        titles: &["Time", "Outcome", "Page", "User"],
    };
    record.of(exchanges, |exchange| {
        let is_good = exchange.outcome == Outcome::Identified;
        html! {
            td { (moment(&exchange.time)) }
            td { (badge(is_good, &exchange.outcome.code().replace('_', " "))) }
            td { (or_dash(exchange.origin.as_deref())) }
            td { (or_dash(exchange.user_id.as_deref())) }
        }
    })
}

fn set_up_panel(ferndesk: &Ferndesk) -> Markup {
    let widget_id = ferndesk.widget_id();
    let calls = format!(
        "Ferndesk('init', {{ widgetId: '{widget_id}' }});\n\
         Ferndesk('identify', {{ token }}); // from the host's own server"
    );
    let body = html! {
        p { "The vendor's loader takes the widget's script from here once "
            code { "window.FERNDESK_SDK_SRC" } " says " code { (ferndesk.public_url()) "/ferndesk/sdk.js" }
            ". The page then calls:" }
        pre tabindex="0" { code { (calls) } }
    };
    panel("set-up", "Set-up", body)
}
