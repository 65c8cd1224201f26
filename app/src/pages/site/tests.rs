//! The rendered pages of the demo site.

use crate::{
    model::{
        Exhibit, Page, Showcase, Site, SiteChatBox, SiteFrame, Snippet, VendorLink, VendorPage,
    },
    pages::tests::{assert_has, render},
};

const VENDOR: VendorLink = VendorLink {
    name: "helpdesk",
    label: "Helpdesk",
    kind: "Help widget",
    headline: "Help for those you know",
};

fn frame() -> SiteFrame {
    SiteFrame {
        login_origin: "https://login.example.com".to_owned(),
        sandbox_url: "https://vendor.example".to_owned(),
        cookie_domain: "example.com".to_owned(),
        vendors: vec![VENDOR],
        traces: vec!["token".to_owned(), "chat_*".to_owned()],
    }
}

pub(in crate::pages) fn vendor() -> Page {
    Page::Vendor(VendorPage {
        frame: frame(),
        showcase: Showcase {
            link: VENDOR,
            intro: "Signed, sealed, delivered.".to_owned(),
            other_logins: Vec::new(),
            exhibits: vec![Exhibit {
                id: "help",
                title: "The widget",
                caption: "In the corner.",
                signed: "With a secret.",
            }],
            snippets: vec![Snippet {
                title: "On the page",
                code: "<b>bold</b>".to_owned(),
            }],
            scripts: vec!["https://login.example.com/latchkey.js".to_owned()],
            settings: r#"{"id":"w"}"#.to_owned(),
            console: "/helpdesk",
        },
    })
}

pub(in crate::pages) fn home() -> Page {
    let chat_box = |id: &str, allowed| SiteChatBox {
        id: id.to_owned(),
        name: format!("Chat {id}"),
        script_url: "https://vendor.example/box.js".to_owned(),
        allowed,
    };
    Page::Site(Site {
        frame: frame(),
        chat_script: Some("/vendors/chat.js".to_owned()),
        chat_boxes: vec![chat_box("own", true), chat_box("other", false)],
    })
}

#[test]
fn the_site_loads_its_scripts_in_order() {
    let html = render(home());
    let places = [
        r#"src="/viewer.js""#,
        r#"src="https://login.example.com/latchkey.js""#,
        r#"src="/vendors/chat.js""#,
        r#"src="/site.js""#,
        r##"data-mount="#chat-box-own""##,
        r##"data-mount="#chat-box-other""##,
    ]
    .map(|part| html.find(part));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}"
    );
    assert_has(
        &html,
        &[
            r#"id="chat-box-own""#,
            r#"id="chat-box-other""#,
            r#"action="https://login.example.com/logout""#,
            r#"<meta name="description""#,
        ],
    );
}

#[test]
fn a_vendors_page_has_its_widget_its_code_and_its_scripts_in_order() {
    let html = render(vendor());
    let places = [
        r#"src="/viewer.js""#,
        r#"src="/showcase.js""#,
        r#"src="https://login.example.com/latchkey.js""#,
        r#"src="/vendors/helpdesk.js""#,
    ]
    .map(|part| html.find(part));
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{places:?}"
    );
    assert_has(
        &html,
        &[
            r#"data-showcase="{&quot;id&quot;:&quot;w&quot;}""#,
            r#"data-traces="token chat_*""#,
            r#"id="widget-help""#,
            r#"href="/helpdesk" aria-current="page""#,
            "<code>&lt;b&gt;bold&lt;/b&gt;</code>",
            r#"href="https://vendor.example/helpdesk""#,
            "server/src/vendors/helpdesk/README.md",
        ],
    );
}
