//! The first page: what the sandbox is, and the way to each of its parts.

use maud::html;

use super::{Document, Section};
use crate::services::Surroundings;

/// One part of the sandbox on the landing page.
pub(crate) struct Card {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) path: &'static str,
    pub(crate) link: &'static str,
}

pub(super) fn page(cards: &[Card], surroundings: &Surroundings) -> Document {
    let body = html! {
        p.lead {
            "The demo talks to this server wherever a product would talk to a vendor. Credentials are "
            "really verified here, mails are really received, and each service has switches that make "
            "it fail, so you can watch what your users would see."
        }
        ul.cards {
            @for card in cards {
                li.card {
                    h2 { (card.title) }
                    p { (card.text) }
                    a.button href=(card.path) { (card.link) }
                }
            }
        }
        section aria-labelledby="around" {
            h2 #around { "Around it" }
            dl.facts {
                dt { "Customer site" } dd { (outside(surroundings.site_origin.as_str())) }
                dt { "Host login" } dd { (outside(surroundings.login_origin.as_str())) }
                dt { "This sandbox" } dd { code { (surroundings.public_url) } }
            }
        }
    };
    Document::new("Every vendor, on this machine", Section::OVERVIEW, body)
}

fn outside(origin: &str) -> maud::Markup {
    html! { a href=(origin) rel="noopener" { (origin) } }
}
