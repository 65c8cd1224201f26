//! What is read of a request, and what is refused without asking the vendor.

use server::handoff::ChatBox;

use super::{PATH, ask, assert_refused};
use crate::harness::{DANA, TestApp};

#[tokio::test]
async fn the_session_says_who_the_user_is_whatever_the_body_says() {
    let app = TestApp::start().await;
    let body = r#"{"chatBoxId":"cb_demo","email":"rival@latchkey.localhost","externalId":"root",
                   "userId":"root","uid":1,"displayName":"Root","__proto__":{"email":"x@y"}}"#;
    let response = app.signed_in().await.post_json(PATH, body).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let exchange = app.sandbox.knoon().exchanges().remove(0);
    assert_eq!(exchange.email.as_deref(), Some(DANA));
    assert_eq!(exchange.external_id.unwrap().len(), 32);
}

#[tokio::test]
async fn a_body_that_is_not_one_chat_box_id_is_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let deep = format!(
        r#"{{"chatBoxId":{}1{}}}"#,
        "[".repeat(7000),
        "]".repeat(7000)
    );
    for body in [
        "",
        "{}",
        "null",
        "[]",
        r#"["cb_demo"]"#,
        "\"cb_demo\"",
        "cb_demo",
        "chatBoxId=cb_demo",
        r#"{"chatBoxId"}"#,
        r#"{"chatBoxId":null}"#,
        r#"{"chatBoxId":1}"#,
        r#"{"chatBoxId":1e999}"#,
        r#"{"chatBoxId":["cb_demo"]}"#,
        r#"{"chatBoxId":{"id":"cb_demo"}}"#,
        r#"{"chatBoxId":"cb_demo","chatBoxId":"cb_partner"}"#,
        r#"{"chatBoxId":"cb_demo"} {}"#,
        r#"{"chatboxid":"cb_demo"}"#,
        r#"{"chatBoxId":"\ud800"}"#,
        "\u{feff}{\"chatBoxId\":\"cb_demo\"}",
        &deep,
    ] {
        let response = browser.post_json(PATH, body).await;
        assert_refused(&response, 400, "bad_request");
    }
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn a_chat_box_that_is_not_ours_never_reaches_the_vendor() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let long = "x".repeat(10_000);
    for id in [
        "",
        "cb_unknown",
        "CB_DEMO",
        " cb_demo",
        "cb_demo\\u0000",
        "cb%5Fdemo",
        "' OR 1=1 --",
        "<script>",
        &long,
    ] {
        assert_refused(&ask(&browser, id).await, 400, "bad_request");
    }
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn a_chat_box_that_the_vendor_refuses_is_a_bad_request() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for id in ["cb_foreign", "cb_disabled"] {
        let origins = [app.site_origin()];
        let url = format!("{}/", app.site_origin());
        let chat_box = ChatBox::new(id, "Not for us", &origins, &url).unwrap();
        app.state.handoffs.save(&chat_box).await.unwrap();
        assert_refused(&ask(&browser, id).await, 400, "bad_request");
    }
    assert_eq!(app.sandbox.knoon().exchanges().len(), 2);
}

#[tokio::test]
async fn only_announced_json_is_read() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let post = |kind: Option<&'static str>| {
        let request = browser.own_page(browser.request(reqwest::Method::POST, PATH));
        let request = match kind {
            Some(kind) => request.header("content-type", kind),
            None => request,
        };
        browser.send(request.body(r#"{"chatBoxId":"cb_demo"}"#))
    };
    for kind in [
        None,
        Some("text/plain"),
        Some("text/plain; application/json"),
        Some("application/x-www-form-urlencoded"),
        Some("multipart/form-data; boundary=x"),
        Some("application/jsonp"),
    ] {
        assert_refused(&post(kind).await, 415, "bad_request");
    }
    for kind in ["application/json", "Application/JSON; charset=utf-8"] {
        assert_eq!(post(Some(kind)).await.status, 200, "{kind}");
    }
}

#[tokio::test]
async fn a_body_beyond_the_bound_is_refused() {
    let app = TestApp::start().await;
    let body = format!(
        r#"{{"chatBoxId":"cb_demo","x":"{}"}}"#,
        "x".repeat(16 * 1024)
    );
    let response = app.signed_in().await.post_json(PATH, &body).await;
    assert_eq!(response.status, 413);
    assert!(app.sandbox.knoon().exchanges().is_empty());
}
