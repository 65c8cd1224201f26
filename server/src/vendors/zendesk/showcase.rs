//! Zendesk's page on the demo site.

use app::model::{Exhibit, OtherLogin, Showcase, Snippet, VendorLink};
use serde_json::json;

use crate::vendors::{DemoSite, UpstreamLogin, UpstreamLogins};

pub(super) fn showcase(
    account_key: &str,
    site: &DemoSite<'_>,
    logins: &UpstreamLogins,
) -> Showcase {
    let own = [("__ACCOUNT_KEY__", account_key)];
    let settings = json!({
        "accountKey": account_key,
        "chatUrl": site.sandbox.url("/zendesk/web-sdk.js"),
        "messagingUrl": site.sandbox.url("/zendesk/messaging.js"),
    });
    Showcase {
        link: VendorLink {
            name: "zendesk",
            label: "Zendesk",
            kind: "Live chat",
            headline: "Support that can be sure who is writing",
        },
        intro: "Zendesk's chats ask your page for a token whenever they need one, and your server signs it for the \
                signed-in user. Agents see a name with a green tick, and find the account that belongs to it."
            .to_owned(),
        other_logins: other_logins(site, logins),
        exhibits: vec![
            Exhibit {
                id: "chat",
                title: "Chat",
                caption: "zChat, Chat's Web SDK. Without a token its visitors are anonymous.",
                signed: "Your server signs with Chat's shared secret, HS256. Zendesk takes it for seven minutes at most, \
                         and the SDK asks for a new one whenever it needs one.",
            },
            Exhibit {
                id: "messenger",
                title: "Messaging",
                caption: "zE, the Messaging widget that follows Chat.",
                signed: "A signing key of Messaging, named in the header, HS256. Zendesk only trusts an email address \
                         marked as verified.",
            },
        ],
        snippets: vec![
            Snippet {
                title: "On the page with Chat",
                code: site.fill(include_str!("snippet_chat.js"), &own),
            },
            Snippet {
                title: "On the page with Messaging",
                code: site.fill(include_str!("snippet_messaging.js"), &own),
            },
            Snippet {
                title: "Server settings",
                code: site.fill(include_str!("snippet.env"), &own),
            },
        ],
        scripts: Vec::new(),
        settings: settings.to_string(),
        console: "/zendesk",
    }
}

/// The upstream logins that return to this page with a token.
fn other_logins(site: &DemoSite<'_>, logins: &UpstreamLogins) -> Vec<OtherLogin> {
    let back = site.site.url("/zendesk");
    let other = |login: &dyn UpstreamLogin| {
        Some(OtherLogin {
            label: format!("Continue with {}", login.label()),
            url: login.page(site, &back)?,
        })
    };
    logins.iter().filter_map(other).collect()
}
