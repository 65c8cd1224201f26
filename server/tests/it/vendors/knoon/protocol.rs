//! What the server sends to the vendor's API, how often, and on which connections.

use serde_json::{Value, json};

use super::{SECRETS, ask, assert_refused, granted};
use crate::harness::{Browser, DANA, Reply, Stub, TestApp};

async fn signed_in_with(stub: &Stub) -> (TestApp, Browser) {
    let app = TestApp::start_with(&[("KNOON_API_URL", &stub.url)]).await;
    let browser = app.signed_in().await;
    (app, browser)
}

#[tokio::test]
async fn the_vendor_is_told_who_the_user_is_and_nothing_else() {
    let stub = Stub::start(vec![granted()]).await;
    let (app, browser) = signed_in_with(&stub).await;
    assert_eq!(ask(&browser, "cb_demo").await.status, 200);
    let request = stub.requests().remove(0);
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST /v1/credentials/login HTTP/1.1\r\n"));
    assert!(
        head.contains(&format!("authorization: Basic {}\r\n", SECRETS[1])),
        "{head}"
    );
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(
        !head.contains("cookie") && !head.contains("forwarded"),
        "{head}"
    );

    let body: Value = serde_json::from_str(body).unwrap();
    let external_id = body["externalId"].as_str().unwrap().to_owned();
    assert_eq!(external_id.len(), 32);
    assert!(
        external_id
            .bytes()
            .all(|byte| b"0123456789abcdef".contains(&byte))
    );
    let expected = json!({
        "email": DANA,
        "externalId": external_id,
        "photoURL": format!("{}/people/dana.svg", app.sandbox.url()),
        "displayName": "Dana Demo",
        "chatBoxId": "cb_demo",
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn a_request_that_was_sent_is_never_sent_again() {
    let stub = Stub::start(vec![granted(), Reply::Close]).await;
    let (_app, browser) = signed_in_with(&stub).await;
    assert_eq!(ask(&browser, "cb_demo").await.status, 200);
    // The second request is sent on the kept-alive connection, which is then closed.
    assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
    assert_eq!((stub.requests().len(), stub.connections()), (2, 1));
}

#[tokio::test]
async fn connections_to_the_vendor_are_kept() {
    let stub = Stub::start(vec![granted()]).await;
    let (_app, browser) = signed_in_with(&stub).await;
    for _ in 0..3 {
        assert_eq!(ask(&browser, "cb_demo").await.status, 200);
    }
    assert_eq!((stub.requests().len(), stub.connections()), (3, 1));
}

#[tokio::test]
async fn redirects_of_the_vendor_are_not_followed() {
    let elsewhere = Stub::start(vec![granted()]).await;
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/v1/credentials/login\r\n", elsewhere.url);
        let stub = Stub::start(vec![Reply::with_headers(status, &location, "")]).await;
        let (_app, browser) = signed_in_with(&stub).await;
        assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
        assert_eq!(stub.requests().len(), 1);
    }
    assert!(elsewhere.requests().is_empty());
}

#[tokio::test]
async fn the_time_is_for_the_whole_answer_not_for_each_byte() {
    let stub = Stub::start(vec![Reply::Drip]).await;
    let settings = [
        ("KNOON_API_URL", stub.url.as_str()),
        ("KNOON_TIMEOUT_MS", "500"),
    ];
    let app = TestApp::start_with(&settings).await;
    let browser = app.signed_in().await;
    assert_refused(&ask(&browser, "cb_demo").await, 500, "server_error");
}

#[tokio::test]
async fn every_status_of_the_vendor_has_one_meaning() {
    let canary = r#"{"error":"canary","data":{"jwt":"a.b.c","expiresAt":4000000000}}"#;
    for (theirs, ours, word) in [
        (400, 400, "bad_request"),
        (404, 400, "bad_request"),
        (422, 400, "bad_request"),
        (401, 500, "server_error"),
        (403, 500, "server_error"),
        (418, 500, "server_error"),
        (429, 500, "server_error"),
        (500, 500, "server_error"),
        (503, 500, "server_error"),
    ] {
        let stub = Stub::start(vec![Reply::json(theirs, canary)]).await;
        let (_app, browser) = signed_in_with(&stub).await;
        assert_refused(&ask(&browser, "cb_demo").await, ours, word);
        assert_eq!(stub.requests().len(), 1, "{theirs} was tried again");
    }
}
