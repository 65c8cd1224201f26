//! The demo's customer site: the page that embeds the chat boxes, served under the site's origin.
//!
//! A fork deletes this folder as soon as its own site does the embedding.

use app::model::{Page, Site, SiteChatBox};
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};

use crate::{
    config::{HttpConfig, Origin},
    handoff::Handoffs,
    http::HttpError,
    render::Pages,
    state::AppState,
    vendors::Vendors,
};

/// Where the site and what it embeds are.
#[derive(Clone, Debug)]
pub struct SiteSettings {
    login_origin: Origin,
    site_origin: Origin,
    cookie_domain: String,
    sandbox: Option<Origin>,
}

impl SiteSettings {
    pub fn new(config: &HttpConfig) -> Self {
        Self {
            login_origin: config.login_origin.clone(),
            site_origin: config.site_origin.clone(),
            cookie_domain: config.cookie_domain.clone(),
            sandbox: config.sandbox.clone(),
        }
    }

    /// The origin of the pages that embed the chat boxes.
    pub fn site_origin(&self) -> &Origin {
        &self.site_origin
    }

    /// The parent domain on which those pages keep credentials.
    pub fn cookie_domain(&self) -> &str {
        &self.cookie_domain
    }
}

/// `GET /` of the site's origin; only the demo has one.
pub fn routes() -> Router<AppState> {
    Router::new().route("/", get(home))
}

async fn home(
    State(settings): State<SiteSettings>,
    State(handoffs): State<Handoffs>,
    State(pages): State<Pages>,
) -> Result<Response, HttpError> {
    let Some(sandbox) = &settings.sandbox else {
        return Err(HttpError::Refused(app::model::Problem::NotFound));
    };
    let chat_boxes = match Vendors::HANDOFF {
        Some(_) => handoffs.all().await?,
        None => Vec::new(),
    };
    let widget = Vendors::HANDOFF.map(|vendor| sandbox.url(vendor.widget_path));
    let chat_boxes = chat_boxes.into_iter().map(|chat_box| SiteChatBox {
        script_url: widget.clone().unwrap_or_default(),
        allowed: chat_box.allows(settings.site_origin.as_str()),
        id: chat_box.id,
        name: chat_box.name,
    });
    let site = Site {
        login_origin: settings.login_origin.to_string(),
        sandbox_url: sandbox.to_string(),
        chat_boxes: chat_boxes.collect(),
    };
    Ok(pages.respond(StatusCode::OK, Page::Site(site)))
}
