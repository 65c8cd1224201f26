//! Knoon's page on the demo site.

use app::model::{Exhibit, Showcase, Snippet, VendorLink};
use serde_json::json;

use crate::{handoff::DEMO_CHAT_BOX, vendors::DemoSite};

pub(super) fn showcase(site: &DemoSite<'_>) -> Showcase {
    let own = [("__CHAT_BOX_ID__", DEMO_CHAT_BOX)];
    let settings = json!({
        "scriptUrl": site.sandbox.url("/knoon/chatbox.js"),
        "chatBoxId": DEMO_CHAT_BOX,
        "domain": site.cookie_domain,
    });
    Showcase {
        link: VendorLink {
            name: "knoon",
            label: "Knoon",
            kind: "Chat box",
            headline: "A chat that greets your users by name",
        },
        intro: "Knoon's Custom Sign In opens your own login in a popup. Your server asks Knoon for a short-lived \
                credential, and the popup passes it to the page: your API key never leaves your server."
            .to_owned(),
        other_logins: Vec::new(),
        exhibits: vec![Exhibit {
            id: "chat-box",
            title: "The chat box",
            caption: "The vendor's chat. Its Sign in button opens your login.",
            signed: "Knoon signs its own credential and gives it to your server, which sends its API key with Basic \
                     authentication. Treat it as opaque: your page only stores it.",
        }],
        snippets: vec![
            Snippet {
                title: "On the page with the chat box",
                code: site.fill(include_str!("snippet.html"), &own),
            },
            Snippet {
                title: "Server settings",
                code: site.fill(include_str!("snippet.env"), &own),
            },
        ],
        scripts: vec![site.login.url("/latchkey.js")],
        settings: settings.to_string(),
        console: "/knoon",
    }
}
