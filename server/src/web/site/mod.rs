//! The demo site: pages that embed the vendors' widgets, served at the site origin.
//!
//! A fork that embeds the widgets in a site of its own can delete the pages. It must keep [`SiteSettings`],
//! since signing out returns to the site.

use std::sync::Arc;

use app::model::{Page, Problem, Showcase, Site, SiteChatBox, SiteFrame, VendorPage};
use axum::{
    Router,
    extract::{Path, State},
    http::{
        HeaderName, StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE},
    },
    response::Response,
    routing::get,
};

use crate::{
    config::{HttpConfig, Origin},
    handoff::{ChatBox, Handoffs},
    vendors::{DemoSite, Vendors},
    web::{AppState, Pages, http::HttpError},
};

/// The origins of the site and of what it embeds, and the vendors' pages.
#[derive(Clone, Debug)]
pub struct SiteSettings {
    login_origin: Origin,
    site_origin: Origin,
    cookie_domain: String,
    sandbox: Option<Origin>,
    showcases: Arc<[Showcase]>,
    traces: Arc<[String]>,
}

impl SiteSettings {
    pub fn new(config: &HttpConfig, vendors: &Vendors) -> Self {
        let demo = DemoSite::new(config);
        let showcases = demo.map(|demo| vendors.showcases(&demo));
        Self {
            login_origin: config.login_origin.clone(),
            site_origin: config.site_origin.clone(),
            cookie_domain: config.cookie_domain.clone(),
            sandbox: config.sandbox.clone(),
            showcases: showcases.unwrap_or_default().into(),
            traces: vendors.traces().into(),
        }
    }

    /// The origin of the pages that embed the widgets.
    pub fn site_origin(&self) -> &Origin {
        &self.site_origin
    }

    /// What all pages of the site share, and the origin of the sandbox. Not found outside the demo.
    fn frame(&self) -> Result<(SiteFrame, &Origin), HttpError> {
        let sandbox = self.sandbox.as_ref().ok_or(NOT_FOUND)?;
        let links = self.showcases.iter().map(|showcase| showcase.link);
        let frame = SiteFrame {
            login_origin: self.login_origin.to_string(),
            sandbox_url: sandbox.to_string(),
            cookie_domain: self.cookie_domain.clone(),
            vendors: links.collect(),
            traces: self.traces.to_vec(),
        };
        Ok((frame, sandbox))
    }
}

const NOT_FOUND: HttpError = HttpError::Rejected(Problem::NotFound);

/// `GET /`, `GET /<vendor>` and `GET /vendors/<vendor>.js` of the site origin.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(home))
        // `{vendor}` matches any path, so other methods must get "not found" and not "method not allowed".
        .route("/{vendor}", get(vendor).fallback(not_found))
        .route("/vendors/{script}", get(vendor_script))
}

async fn not_found() -> HttpError {
    NOT_FOUND
}

async fn home(
    State(settings): State<SiteSettings>,
    State(handoffs): State<Handoffs>,
    State(pages): State<Pages>,
) -> Result<Response, HttpError> {
    let (frame, sandbox) = settings.frame()?;
    let chat_boxes = match Vendors::handoff() {
        Some(vendor) => {
            let embed = |chat_box: ChatBox| SiteChatBox {
                script_url: sandbox.url(vendor.widget_path),
                allowed: chat_box.allows(settings.site_origin.as_str()),
                id: chat_box.id,
                name: chat_box.name,
            };
            handoffs.all().await?.into_iter().map(embed).collect()
        }
        None => Vec::new(),
    };
    let site = Site {
        frame,
        chat_boxes,
        chat_script: Vendors::handoff().map(|vendor| format!("/vendors/{}.js", vendor.name)),
    };
    Ok(pages.respond(StatusCode::OK, Page::Site(site)))
}

async fn vendor(
    State(settings): State<SiteSettings>,
    State(pages): State<Pages>,
    Path(name): Path<String>,
) -> Result<Response, HttpError> {
    let (frame, _) = settings.frame()?;
    let mut showcases = settings.showcases.iter();
    let showcase = showcases.find(|showcase| showcase.link.name == name);
    let showcase = showcase.cloned().ok_or(NOT_FOUND)?;
    let page = VendorPage { frame, showcase };
    Ok(pages.respond(StatusCode::OK, Page::Vendor(page)))
}

async fn vendor_script(
    Path(file): Path<String>,
) -> Result<([(HeaderName, &'static str); 2], &'static str), HttpError> {
    let name = file.strip_suffix(".js").ok_or(NOT_FOUND)?;
    let script = Vendors::showcase_script(name).ok_or(NOT_FOUND)?;
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    Ok((headers, script))
}
