//! The landing page: what the sandbox is, and links to its parts.

use axum::Router;
use axum::routing::get;
use maud::html;

use crate::pages::{Document, Navigation, Section};
use crate::service::{Card, ServiceContext};

/// The landing page.
pub(crate) fn router(cards: Vec<Card>, context: &ServiceContext) -> Router {
    let context = context.clone();
    let show = async move |navigation: Navigation| page(&cards, &context, &navigation);
    Router::new().route("/", get(show))
}

fn page(cards: &[Card], context: &ServiceContext, navigation: &Navigation) -> Document {
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
                dt { "Customer site" } dd { (external_link(context.site_origin.as_str())) }
                dt { "Host login" } dd { (external_link(context.login_origin.as_str())) }
                dt { "This sandbox" } dd { code { (context.public_url) } }
            }
        }
    };
    navigation.document("Every vendor, on this machine", Section::OVERVIEW, body)
}

fn external_link(origin: &str) -> maud::Markup {
    html! { a href=(origin) rel="noopener" { (origin) } }
}
