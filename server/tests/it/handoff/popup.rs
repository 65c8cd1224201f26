//! What the popup's last page contains, and what it never contains.

use server::handoff::ChatBox;

use super::vendor;
use crate::harness::{Browser, DANA, PASSWORD, Response, TestApp};

/// The last page, for a user who has consented.
async fn handoff(browser: &Browser, chat_box_id: &str) -> Response {
    let agreed = browser
        .post("/continue", &[("chatBoxId", chat_box_id)])
        .await;
    assert_eq!(agreed.status, 303, "{}", agreed.body);
    let page = browser.get(agreed.location()).await;
    assert_eq!(page.status, 200, "{}", page.body);
    page
}

/// The value of `data-NAME`, which the page passes to its script.
fn data(page: &Response, name: &str) -> String {
    let attribute = format!("data-{name}=\"");
    let value = page.body.split_once(&attribute).expect("the attribute").1;
    let value = value.split('"').next().unwrap();
    value
        .replace("&quot;", "\"")
        .replace("&#x2F;", "/")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn the_message_goes_to_the_exact_origins_of_the_chat_box() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let partner = format!("http://www.partner.localhost:{}", app.addr.port());
    for (id, origin) in [("cb_demo", app.site_origin()), ("cb_partner", partner)] {
        let page = handoff(&browser, id).await;
        assert_eq!(data(&page, "origins"), format!("[\"{origin}\"]"));
        assert_eq!(data(&page, "chat-box-id"), id);
        assert_eq!(data(&page, "credential-path"), vendor().credential_path);
        assert!(page.body.contains("postMessage(data, origin)"));
        for wildcard in ["\"*\")", "'*'", ", '*", "[\"*\"]"] {
            assert!(!page.body.contains(wildcard), "{wildcard}");
        }
    }
}

#[tokio::test]
async fn every_origin_of_a_chat_box_is_named() {
    let app = TestApp::start().await;
    let origins = ["https://a.example.test", "https://b.example.test:8443"];
    let chat_box = ChatBox::new(
        "cb_two",
        "Two",
        &origins.map(str::to_owned),
        "https://a.example.test/",
    );
    app.state.handoffs.save(&chat_box.unwrap()).await.unwrap();
    let page = handoff(&app.signed_in().await, "cb_two").await;
    let named: Vec<String> = serde_json::from_str(&data(&page, "origins")).unwrap();
    assert_eq!(named, origins);
}

#[tokio::test]
async fn no_parameter_names_a_target() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    handoff(&browser, "cb_demo").await;
    let extra = "origin=https://evil.test&targetOrigin=*&next=https://evil.test&origins=[]&credential_path=//evil.test";
    for path in ["/handoff", "/login"] {
        let page = browser
            .get(&format!("{path}?chatBoxId=cb_demo&{extra}"))
            .await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("evil.test"), "{path}");
    }
}

#[tokio::test]
async fn no_page_of_the_popup_and_no_address_carries_a_credential() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("chatBoxId", "cb_demo"),
        ("email", DANA),
        ("password", PASSWORD),
    ];
    let signed_in = browser.sign_in_by(&form).await;
    assert_eq!(signed_in.location(), "/handoff?chatBoxId=cb_demo");
    let page = browser.get(signed_in.location()).await;
    assert!(!page.body.contains("eyJ"), "a token is in the page");
    assert!(page.location().is_empty() && page.header("refresh").is_empty());
}

#[tokio::test]
async fn names_are_text_whatever_they_contain() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let hostile = "</script><script>alert(1)</script>\" onload=\"x";
    let profile = [("display_name", hostile), ("photo_url", "")];
    assert_eq!(browser.post("/account/profile", &profile).await.status, 303);
    let origins = [app.site_origin()];
    let url = format!("{}/", app.site_origin());
    let chat_box = ChatBox::new("cb_hostile", &format!("Box {hostile}"), &origins, &url).unwrap();
    app.state.handoffs.save(&chat_box).await.unwrap();
    let pages = [
        browser.get("/login?chatBoxId=cb_hostile").await,
        handoff(&browser, "cb_hostile").await,
        app.anonymous().get("/login?chatBoxId=cb_hostile").await,
        browser.get(&url).await,
    ];
    for page in pages {
        assert_eq!(page.status, 200);
        assert!(!page.body.contains("<script>alert"), "{}", page.body);
    }
    let account = browser.get("/account").await.body;
    assert!(!account.contains("<script>alert"), "{account}");
    let field = "alert(1)&lt;/script&gt;&quot; onload=&quot;x\"";
    assert!(account.contains(field), "{account}");
}

#[tokio::test]
async fn the_page_says_how_to_go_on_when_it_cannot_deliver() {
    let app = TestApp::start().await;
    let page = handoff(&app.signed_in().await, "cb_demo").await;
    for state in ["working", "delivered", "no-opener", "unconfirmed", "failed"] {
        assert!(
            page.body.contains(&format!("data-state=\"{state}\"")),
            "{state}"
        );
    }
    assert!(page.body.contains("<noscript>") && !page.body.contains("/handoff/code"));
    assert_eq!(data(&page, "receipt"), "0");
}

#[tokio::test]
async fn two_popups_at_once_do_not_mix() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for id in ["cb_demo", "cb_partner"] {
        browser.post("/continue", &[("chatBoxId", id)]).await;
    }
    for id in ["cb_partner", "cb_demo"] {
        let page = browser.get(&format!("/handoff?chatBoxId={id}")).await;
        assert_eq!(data(&page, "chat-box-id"), id);
    }
}

#[tokio::test]
async fn a_login_in_the_popup_keeps_its_opener_to_the_end() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let form = [
        ("chatBoxId", "cb_demo"),
        ("email", DANA),
        ("password", PASSWORD),
    ];
    let signed_in = browser.sign_in_by(&form).await;
    assert_eq!(signed_in.location(), "/handoff?chatBoxId=cb_demo");
    let handoff = browser.get(signed_in.location()).await;
    assert_eq!(handoff.status, 200);
    for response in [signed_in, handoff] {
        assert_eq!(response.header("cross-origin-opener-policy"), "");
    }
}
