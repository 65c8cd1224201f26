//! The HTML pages: the choice of a persona, and errors. Both work without JavaScript.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use super::request::Request;
use crate::pages::Document;
use crate::parameters::Parameters;
use crate::xsolla::personas::{PERSONAS, Persona};
use crate::xsolla::state::Xsolla;
use crate::xsolla::token_faults::TokenFault;

/// The field that the page's buttons send: a persona's `sub`, or [`CANCEL`].
pub(super) const CHOICE: &str = "choice";
pub(super) const CANCEL: &str = "cancel";

/// "Sign in with Xsolla". The form repeats the request, so that it arrives with the choice.
pub(super) fn choose(xsolla: &Xsolla, parameters: &Parameters, request: &Request) -> Document {
    let callback = request.callback();
    let site = callback.split('/').nth(2).unwrap_or(callback);
    let body = html! {
        p.lead { "and go on to " strong { (site) } ". The sandbox asks for no password." }
        (warning(xsolla.settings().token_fault))
        form.choices method="post" action="/xsolla/login" {
            @for (name, value) in parameters.values() {
                input type="hidden" name=(name) value=(value);
            }
            @for persona in &PERSONAS { (button(persona)) }
            @if let Request::OAuth { .. } = request {
                button.quiet type="submit" name=(CHOICE) value=(CANCEL) { "Cancel" }
            }
        }
    };
    let context = xsolla.context();
    Document::dialog("Sign in with Xsolla", body)
        .with_form_target(context.login_origin.as_str())
        .with_form_target(context.site_origin.as_str())
}

fn warning(fault: TokenFault) -> Markup {
    html! {
        @if fault != TokenFault::None {
            p.notice { "Your token will be invalid on purpose: " strong { (fault.meaning()) } "." }
        }
    }
}

fn button(persona: &Persona) -> Markup {
    let initials = persona
        .name
        .split(' ')
        .filter_map(|name| name.chars().next());
    html! {
        button.choice type="submit" name=(CHOICE) value=(persona.sub) {
            @match persona.picture {
                Some(path) => img.portrait src=(path) alt="" width="44" height="44";,
                None => span.portrait aria-hidden="true" { (initials.collect::<String>()) },
            }
            span {
                strong { (persona.name) }
                @if let Some(email) = persona.email { span.choice-line { (email) } }
                span.choice-line { (persona.note) }
            }
        }
    }
}

/// An error page for the visitor; nothing is sent to the site that they came from.
pub(super) fn problem(sentence: &str) -> Response {
    let body = html! {
        p.lead { (sentence) }
        p { "Close this page, and tell the site's owner if it happens again." }
    };
    let document = Document::dialog("Sign-in failed", body);
    (StatusCode::BAD_REQUEST, document).into_response()
}
