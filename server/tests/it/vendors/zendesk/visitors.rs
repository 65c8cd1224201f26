//! Every failure of the Visitors API, and the page's error for it.

use std::time::Duration;

use sandbox::zendesk::{ApiScope, Failure, SettingsChange};

use crate::harness::{DANA, Reply, Stub, TestApp, free_address};

const PATH: &str = "/admin/visitors?visitor=9855790.xjj3ukxyIhn6j3";
const UNAVAILABLE: &str = "The vendor isn’t responding.";
const REFUSES: &str = "The vendor rejected the API token.";

async fn app_at(api: &str) -> TestApp {
    TestApp::start_with(&[("LATCHKEY_ADMINS", DANA), ("ZENDESK_CHAT_API_URL", api)]).await
}

/// The page when the API sends this reply.
async fn page_for(reply: Reply) -> (String, Stub) {
    let stub = Stub::start(vec![reply]).await;
    let app = app_at(&stub.url).await;
    let page = app.signed_in().await.get(PATH).await;
    assert_eq!(page.status, 200);
    (page.body, stub)
}

#[tokio::test]
async fn the_vendors_own_example_is_shown() {
    let visitor = r#"{
        "banned": false, "notes": "", "id": "9855790.xjj3ukxyIhn6j3", "email": "email@email.com", "phone": "",
        "created": 1586950554, "name": "email@email.com", "external_id": "82cd5e0c-c3ff-11e9-b199-c1e5fc81c37f"
    }"#;
    let (page, stub) = page_for(Reply::json(200, visitor)).await;
    assert!(page.contains("82cd5e0c-c3ff-11e9-b199-c1e5fc81c37f") && page.contains("2020-04-15"));
    let request = stub.requests().remove(0);
    assert!(request.starts_with("GET /api/v2/visitors/9855790.xjj3ukxyIhn6j3 HTTP/1.1"));
    assert!(request.contains("authorization: Bearer zendesk-demo-api-token-not-for-production"));
}

#[tokio::test]
async fn a_visitor_who_has_not_signed_in_is_anonymous() {
    for external_id in ["", r#", "external_id": null"#, r#", "external_id": """#] {
        let visitor = format!(r#"{{"id": 1, "name": "Visitor 1", "email": ""{external_id}}}"#);
        let (page, _stub) = page_for(Reply::json(200, &visitor)).await;
        assert!(page.contains("Anonymous visitor"), "{external_id}");
    }
}

#[tokio::test]
async fn nonsense_is_no_visitor_and_is_asked_for_once() {
    let huge = format!(r#"{{"id": 1, "padding": "{}"}}"#, "x".repeat(70_000));
    let responses = [
        (200, ""),
        (200, "{}"),
        (200, "[]"),
        (200, "null"),
        (200, r#"{"id": {}}"#),
        (200, r#"{"id": 1, "external_id": {}}"#),
        (200, "<html>"),
        (200, huge.as_str()),
        (302, ""),
        (429, "{}"),
        (500, "{}"),
    ];
    let replies = responses.map(|(status, body)| Reply::json(status, body));
    let stub = Stub::start(replies.into()).await;
    let app = app_at(&stub.url).await;
    let dana = app.signed_in().await;
    for (status, body) in responses {
        let page = dana.get(PATH).await;
        assert!(page.body.contains(UNAVAILABLE), "{status} {body:.40}");
    }
    assert_eq!(stub.requests().len(), responses.len());
}

#[tokio::test]
async fn an_api_that_drips_is_not_waited_for_and_one_that_is_down_neither() {
    let (page, _stub) = page_for(Reply::Close).await;
    assert!(page.contains(UNAVAILABLE));
    let app = app_at(&format!("http://{}", free_address())).await;
    let page = app.signed_in().await.get(PATH).await;
    assert!(page.body.contains(UNAVAILABLE));
    let begin = std::time::Instant::now();
    let (page, _stub) = page_for(Reply::Drip).await;
    assert!(page.contains(UNAVAILABLE));
    assert!(begin.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_our_token() {
    let elsewhere = Stub::start(vec![Reply::json(200, r#"{"id": 1}"#)]).await;
    let location = format!("location: {}/\r\n", elsewhere.url);
    let (page, _stub) = page_for(Reply::with_headers(302, &location, "")).await;
    assert!(page.contains(UNAVAILABLE));
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn a_token_that_is_not_taken_is_our_mistake_and_is_never_shown() {
    for status in [401, 403] {
        let (page, _stub) = page_for(Reply::json(status, "{}")).await;
        assert!(page.contains(REFUSES), "{status}");
        assert!(!page.contains("zendesk-demo-api-token"));
    }
    let app = TestApp::start_with(&[("LATCHKEY_ADMINS", DANA)]).await;
    let dana = app.signed_in().await;
    for (change, says) in [
        (
            SettingsChange {
                api_scope: Some(ApiScope::Chat),
                ..SettingsChange::default()
            },
            REFUSES,
        ),
        (
            SettingsChange {
                api_scope: Some(ApiScope::Read),
                visitors_failure: Some(Failure::ServerError),
                ..SettingsChange::default()
            },
            UNAVAILABLE,
        ),
        (
            SettingsChange {
                visitors_failure: Some(Failure::None),
                ..SettingsChange::default()
            },
            "No visitor has this ID.",
        ),
    ] {
        app.sandbox.zendesk().change(&change);
        assert!(dana.get(PATH).await.body.contains(says), "{change:?}");
    }
}

#[tokio::test]
async fn without_a_token_there_is_nothing_to_look_visitors_up_with() {
    let app =
        TestApp::start_with(&[("LATCHKEY_ADMINS", DANA), ("ZENDESK_CHAT_API_TOKEN", "")]).await;
    let page = app.signed_in().await.get("/admin/visitors").await;
    assert!(!page.body.contains("Visitor ID"));
    assert!(page.body.contains("Email or account ID"));
}
