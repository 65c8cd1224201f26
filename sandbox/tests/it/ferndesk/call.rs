//! The identify call except for the token: which pages may call, the body, and the response.

use reqwest::Method;
use sandbox::ferndesk::Outcome;
use serde_json::{Value, json};

use super::{SITE, dana, dana_with, requires_a_token, signed};
use crate::harness::{NOW, Reply, Sandbox};

#[tokio::test]
async fn a_good_token_tells_the_widget_what_it_shows() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.identified_by(&signed(&dana())).await;
    assert_eq!(
        (reply.status, reply.header("cache-control")),
        (200, "no-store")
    );
    assert_eq!(
        reply.json(),
        json!({ "email": "demo@latchkey.localhost", "name": "Dana Demo", "expiresAt": NOW + 3600 })
    );
}

#[tokio::test]
async fn only_the_id_and_the_address_are_required() {
    let sandbox = Sandbox::start().await;
    let claims = json!({ "userId": "u1", "email": "demo@latchkey.localhost" });
    assert_eq!(
        sandbox.identified_by(&signed(&claims)).await.json(),
        json!({ "email": "demo@latchkey.localhost", "name": null, "expiresAt": null })
    );
}

#[tokio::test]
async fn names_of_any_letters_come_back_as_they_are() {
    let sandbox = Sandbox::start().await;
    let name = "Ⅾana \"quoted\" \\ 😀 <b>".repeat(40);
    let token = signed(&dana_with("name", json!(name)));
    assert_eq!(
        sandbox.identified_by(&token).await.json()["name"],
        json!(name)
    );
}

#[tokio::test]
async fn browsers_may_ask_from_any_page_so_that_it_can_read_the_refusal() {
    let sandbox = Sandbox::start().await;
    let preflight = sandbox
        .request(Method::OPTIONS, "/ferndesk/api/identify")
        .header("origin", "https://otherdomain.com")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type");
    let reply = Reply::of(preflight).await;
    assert_eq!(reply.header("access-control-allow-origin"), "*");
    assert_eq!(reply.header("access-control-allow-headers"), "content-type");
    assert_eq!(reply.header("access-control-allow-credentials"), "");
    let refused = sandbox.identified_by("x").await;
    assert_eq!(refused.header("access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_call_without_a_token_says_so() {
    let sandbox = Sandbox::start().await;
    for call in [
        json!({ "widgetId": "wg_demo" }),
        json!({ "widgetId": "wg_demo", "token": "" }),
        json!({ "widgetId": "wg_demo", "token": null, "jwt": "" }),
        json!({ "widgetId": "wg_demo", "token": { "token": "a.b.c" } }),
        json!({ "widgetId": "wg_demo", "Token": signed(&dana()) }),
    ] {
        let reply = Reply::of(sandbox.identify(&call)).await;
        assert_eq!(reply.refusal(), requires_a_token(), "{call}");
    }
    let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
    assert_eq!(exchange.outcome, Outcome::MissingToken);
}

#[tokio::test]
async fn an_unknown_widget_is_refused() {
    let sandbox = Sandbox::start().await;
    for widget_id in [json!("wg_other"), json!(""), Value::Null, json!(1)] {
        let call = json!({ "widgetId": widget_id, "token": signed(&dana()) });
        let reply = Reply::of(sandbox.identify(&call)).await;
        assert_eq!(reply.refusal(), (404, "unknown widget".to_owned()));
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_object_is_refused() {
    let sandbox = Sandbox::start().await;
    for body in ["", "{", "[]", "\"token\"", "widgetId=wg_demo"] {
        let call = sandbox
            .request(Method::POST, "/ferndesk/api/identify")
            .header("origin", SITE)
            .body(body);
        assert_eq!(Reply::of(call).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn a_body_over_the_size_limit_is_refused() {
    let sandbox = Sandbox::start().await;
    assert_eq!(sandbox.identified_by(&"x".repeat(20_000)).await.status, 413);
    let exchange = sandbox.running.ferndesk().exchanges().pop().unwrap();
    assert_eq!(exchange.outcome, Outcome::BodyTooLarge);
}
