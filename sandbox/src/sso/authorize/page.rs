//! The HTML pages: the choice of a persona, the return by form post, and errors. All work without
//! JavaScript.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

use crate::pages::Document;
use crate::parameters::Parameters;
use crate::sso::personas::{PERSONAS, Persona};
use crate::sso::state::Sso;

/// The field that the page's buttons send: a persona's `sub`, or [`CANCEL`].
pub(super) const CHOICE: &str = "choice";
pub(super) const CANCEL: &str = "cancel";

/// "Choose who you are". The form repeats the request, so that it arrives with the choice.
pub(super) fn choose(sso: &Sso, parameters: &Parameters, login_hint: Option<&str>) -> Document {
    let is_hinted = |persona: &Persona| login_hint.is_some() && persona.email == login_hint;
    let body = html! {
        p.lead { "to sign in to " strong { (sso.client_id()) } ". The sandbox asks for no password." }
        form.choices method="post" action="/sso/authorize" {
            @for (name, value) in parameters.values() {
                input type="hidden" name=(name) value=(value);
            }
            @for persona in &PERSONAS { (button(persona, is_hinted(persona))) }
            button.quiet type="submit" name=(CHOICE) value=(CANCEL) { "Cancel" }
        }
    };
    returning(sso, Document::dialog("Choose who you are", body))
}

fn button(persona: &Persona, is_hinted: bool) -> Markup {
    html! {
        button.choice type="submit" name=(CHOICE) value=(persona.sub) {
            (portrait(persona))
            span {
                strong { (persona.name) }
                @if is_hinted { " " span.badge.good { "Asked for" } }
                @if let Some(email) = persona.email { span.choice-line { (email) } }
                span.choice-line { (persona.note) }
            }
        }
    }
}

fn portrait(persona: &Persona) -> Markup {
    let initials = persona
        .name
        .split(' ')
        .filter_map(|name| name.chars().next());
    html! {
        @match persona.picture {
            Some(path) => img.portrait src=(path) alt="" width="44" height="44";,
            None => span.portrait aria-hidden="true" { (initials.collect::<String>()) },
        }
    }
}

/// The response as a form, which the page's script submits at once.
pub(super) fn form_post(sso: &Sso, fields: &[(&str, String)]) -> Document {
    let body = html! {
        p.lead { "You are on your way back to " strong { (sso.client_id()) } "." }
        form method="post" action=(sso.redirect_uri()) {
            @for (name, value) in fields {
                input type="hidden" name=(name) value=(value);
            }
            button type="submit" { "Continue" }
        }
    };
    let document = Document::dialog("Signing you in", body);
    returning(sso, document.with_script("/sso/form-post.js"))
}

/// An error page for the visitor; nothing is sent to the client.
pub(super) fn error(sentence: &str) -> Response {
    let body = html! {
        p.lead { (sentence) }
        p { "Close this page, and tell the site's owner if it happens again." }
    };
    let document = Document::dialog("Sign-in failed", body);
    (StatusCode::BAD_REQUEST, document).into_response()
}

/// Allows the page's form to lead to the host's login, and from there to the site.
fn returning(sso: &Sso, document: Document) -> Document {
    let context = sso.context();
    document
        .with_form_target(context.login_origin.as_str())
        .with_form_target(context.site_origin.as_str())
}
