//! CloudBase's page on the demo site. The vendor's own SDK signs in; only the address of its servers is the sandbox's.

use app::model::{Exhibit, Showcase, Snippet, VendorLink};
use serde_json::json;

use crate::vendors::DemoSite;

pub(super) fn showcase(environment: &str, site: &DemoSite<'_>) -> Showcase {
    let own = [("__ENV_ID__", environment)];
    let settings = json!({ "env": environment, "gateway": site.sandbox.as_str() });
    Showcase {
        link: VendorLink {
            name: "cloudbase",
            label: "CloudBase",
            kind: "Cloud backend",
            headline: "A cloud backend that keeps your users' data apart",
        },
        intro: "Your server signs a ticket with the environment's private key. CloudBase's own SDK exchanges it for a \
                CloudBase session and creates the user on first sign-in."
            .to_owned(),
        other_logins: Vec::new(),
        exhibits: vec![Exhibit {
            id: "user",
            title: "The platform's user",
            caption: "@cloudbase/js-sdk as published on npm. Only its servers are the sandbox's.",
            signed: "Your server signs with the downloaded private key, RS256. The ticket is the key's id, “/@@/” and \
                     this token; its times are milliseconds.",
        }],
        snippets: vec![
            Snippet {
                title: "On your pages",
                code: site.fill(include_str!("snippet.js"), &own),
            },
            Snippet {
                title: "Server settings",
                code: site.fill(include_str!("snippet.env"), &own),
            },
        ],
        scripts: Vec::new(),
        settings: settings.to_string(),
        console: "/cloudbase",
    }
}
