//! Ferndesk's page on the demo site.

use app::model::{Exhibit, Showcase, Snippet, VendorLink};
use serde_json::json;

use super::config::FerndeskConfig;
use crate::vendors::DemoSite;

/// The page; `None` without the ID of a widget to show.
pub(super) fn showcase(config: &FerndeskConfig, site: &DemoSite<'_>) -> Option<Showcase> {
    let widget_id = config.widget_id.as_deref()?;
    let seconds = config.lifetime.as_secs().to_string();
    let own = [
        ("__LOADER__", include_str!("loader.js").trim_end()),
        ("__WIDGET_ID__", widget_id),
        ("__TOKEN_SECONDS__", seconds.as_str()),
    ];
    let settings = json!({ "sdkUrl": config.sdk_url, "widgetId": widget_id });
    Some(Showcase {
        link: VendorLink {
            name: "ferndesk",
            label: "Ferndesk",
            kind: "Help widget",
            headline: "A help desk that knows who is asking",
        },
        intro: "Your server signs a token that says who your user is, and the page hands it to Ferndesk's widget. From \
                then on the contact form is filled in, and support knows who asks."
            .to_owned(),
        other_logins: Vec::new(),
        exhibits: vec![Exhibit {
            id: "help",
            title: "The help widget",
            caption: "The widget sits in the corner of the page, as on every page that embeds it.",
            signed: "Your server signs with the help center's JWT secret, HS256. It carries the user ID as both userId \
                     and sub, so old and new help centers accept it.",
        }],
        snippets: vec![
            Snippet {
                title: "On every page with the widget",
                code: site.fill(include_str!("snippet.html"), &own),
            },
            Snippet {
                title: "Server settings",
                code: site.fill(include_str!("snippet.env"), &own),
            },
        ],
        scripts: Vec::new(),
        settings: settings.to_string(),
        console: "/ferndesk",
    })
}
