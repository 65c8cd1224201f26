//! What Ferndesk records of identify calls, and what it must not record.

use serde_json::{Value, json};

use super::{SECRET, SITE, dana, dana_with, signed, signed_with};
use crate::harness::{Reply, Sandbox, assert_not_logged};

#[tokio::test]
async fn identified_sessions_are_listed_with_who_when_where_and_attributes() {
    let sandbox = Sandbox::start().await;
    sandbox.identified_by(&signed(&dana())).await;
    assert_eq!(
        sandbox.get("/ferndesk/analytics").await.json(),
        json!([{
            "time": "2027-01-15T08:00:00Z",
            "origin": SITE,
            "userId": "0123456789abcdef0123456789abcdef",
            "email": "demo@latchkey.localhost",
            "name": "Dana Demo",
            "customAttributes": { "photo_url": "http://localhost:3001/people/dana.svg" },
            "expiresAt": "2027-01-15T09:00:00Z",
        }])
    );
    let session = sandbox.running.ferndesk().identified().pop().unwrap();
    assert_eq!(session.email, "demo@latchkey.localhost");
}

#[tokio::test]
async fn every_call_is_recorded_with_its_outcome() {
    let sandbox = Sandbox::start().await;
    sandbox.identified_by("x").await;
    sandbox.identified_by(&signed(&dana())).await;
    let exchange = |user_id: Value, outcome| {
        json!({
            "time": "2027-01-15T08:00:00Z",
            "origin": SITE,
            "userId": user_id,
            "outcome": outcome,
        })
    };
    assert_eq!(
        sandbox.get("/ferndesk/exchanges").await.json(),
        json!([
            exchange(Value::Null, "malformed_token"),
            exchange(json!("0123456789abcdef0123456789abcdef"), "identified"),
        ])
    );
}

#[tokio::test]
async fn a_forged_token_puts_no_name_into_the_record() {
    let sandbox = Sandbox::start().await;
    let forged = signed_with(b"guessed", jsonwebtoken::Algorithm::HS256, &dana());
    sandbox.identified_by(&forged).await;
    assert_eq!(sandbox.get("/ferndesk/analytics").await.body, "[]");
    let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
    assert_eq!(exchange.user_id, None);
}

#[tokio::test]
async fn no_page_and_no_log_shows_a_token_or_the_secret() {
    let sandbox = Sandbox::start().await;
    let good = signed(&dana());
    let bad = signed_with(b"guessed", jsonwebtoken::Algorithm::HS256, &dana());
    for token in [&good, &bad] {
        sandbox.identified_by(token).await;
        let under_another_name = json!({ "widgetId": "wg_demo", "bearer": token });
        Reply::of(sandbox.identify(&under_another_name)).await;
    }
    for path in [
        "/ferndesk",
        "/ferndesk/control",
        "/ferndesk/exchanges",
        "/ferndesk/analytics",
    ] {
        let page = sandbox.get(path).await.body;
        for hidden in [SECRET, &good, &bad] {
            assert!(!page.contains(hidden), "{path}");
        }
    }
    assert_not_logged(&[SECRET, &good, &bad]);
}

#[tokio::test]
async fn the_console_lists_sessions_and_calls_and_escapes_what_hosts_say() {
    let sandbox = Sandbox::start().await;
    let mut claims = dana_with("name", json!("<script>alert(1)</script>"));
    claims["customAttributes"] = json!({ "plan": "pro", "seats": 3 });
    sandbox.identified_by(&signed(&claims)).await;
    sandbox.identified_by("x").await;
    let page = sandbox.get("/ferndesk").await.body;
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
    for text in [
        "demo@latchkey.localhost",
        SITE,
        "plan",
        "seats",
        "malformed token",
    ] {
        assert!(page.contains(text), "{text}");
    }
}
