//! The Visitors API, at both of its paths.

use reqwest::Method;
use sandbox::zendesk::{ApiScope, CreatedFormat, SettingsChange, VisitorIdFormat};
use serde_json::{Value, json};

use super::client::{API_TOKEN, CHAT_SECRET, DANA};
use crate::harness::{NOW, Reply, Sandbox};

const COLLECTIONS: [&str; 2] = ["visitors", "chat/visitors"];

async fn show(sandbox: &Sandbox, id: &str) -> Reply {
    let path = format!("visitors/{id}");
    sandbox.api(Method::GET, &path, None).await
}

fn set_scope(sandbox: &Sandbox, scope: ApiScope) {
    sandbox.running.zendesk().change(&SettingsChange {
        api_scope: Some(scope),
        ..SettingsChange::default()
    });
}

#[tokio::test]
async fn a_visitor_is_shown_as_documented_at_both_addresses() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    for collection in COLLECTIONS {
        let reply = sandbox
            .api(Method::GET, &format!("{collection}/{id}"), None)
            .await;
        let expected = json!({
            "banned": false,
            "notes": "",
            "id": id,
            "email": "demo@latchkey.localhost",
            "phone": "",
            "created": NOW,
            "name": "Dana Demo",
            "external_id": DANA,
        });
        assert_eq!(
            (reply.status, reply.json()),
            (200, expected),
            "{collection}"
        );
        assert_eq!(reply.header("cache-control"), "no-store");
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn an_id_has_an_account_a_dot_and_letters_and_may_be_asked_for_with_a_hyphen() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let (account, rest) = id.split_once('.').unwrap();
    assert_eq!((account, rest.len()), ("9855790", 14));
    assert!(rest.chars().all(|letter| letter.is_ascii_alphanumeric()));
    let hyphenated = format!("{account}-{rest}");
    assert_eq!(show(&sandbox, &hyphenated).await.json()["id"], json!(id));
    for other in [rest, account, "9855790", ".", "9855790.", "-1"] {
        assert_eq!(show(&sandbox, other).await.status, 404, "{other}");
    }
}

#[tokio::test]
async fn types_vary_as_in_the_vendors_documentation() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let forms = [
        (
            VisitorIdFormat::Dotted,
            CreatedFormat::Seconds,
            json!(id),
            json!(NOW),
        ),
        (
            VisitorIdFormat::Text,
            CreatedFormat::Iso,
            json!("1"),
            json!("2027-01-15T08:00:00Z"),
        ),
        (
            VisitorIdFormat::Integer,
            CreatedFormat::Iso,
            json!(1),
            json!("2027-01-15T08:00:00Z"),
        ),
    ];
    for (visitor_id, created, expected_id, expected_created) in forms {
        sandbox.running.zendesk().change(&SettingsChange {
            visitor_id: Some(visitor_id),
            created: Some(created),
            ..SettingsChange::default()
        });
        for asked in [id.as_str(), "1"] {
            let visitor = show(&sandbox, asked).await.json();
            assert_eq!(visitor["id"], expected_id);
            assert_eq!(visitor["created"], expected_created);
        }
    }
}

#[tokio::test]
async fn without_the_right_bearer_token_there_is_nothing() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let right = format!("Bearer {API_TOKEN}");
    let basic = format!("Basic {API_TOKEN}");
    let headers = [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Bearer wrong"),
        Some("bearer_token"),
        Some(API_TOKEN),
        Some(&basic),
        Some(&right[..right.len() - 1]),
    ];
    for header in headers {
        for (method, path) in [
            (Method::GET, format!("visitors/{id}")),
            (Method::GET, "visitors/unknown".to_owned()),
            (Method::PUT, format!("chat/visitors/{id}")),
            (Method::POST, "visitors".to_owned()),
        ] {
            let mut request = sandbox.request(method, &format!("/zendesk/api/v2/{path}"));
            if let Some(header) = header {
                request = request.header("authorization", header);
            }
            let reply = Reply::of(request.json(&json!({ "name": "X" }))).await;
            assert_eq!(
                reply.refusal(),
                (401, "invalid_token".to_owned()),
                "{header:?}"
            );
            assert!(reply.header("www-authenticate").starts_with("Bearer"));
        }
    }
    let secret = sandbox.request(Method::GET, &format!("/zendesk/api/v2/visitors/{id}"));
    assert_eq!(Reply::of(secret.bearer_auth(CHAT_SECRET)).await.status, 401);
    assert_eq!(sandbox.running.zendesk().visitors()[0].name, "Dana Demo");
}

#[tokio::test]
async fn reading_and_writing_need_their_scopes() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let change = json!({ "phone": "1" });
    let expectations = [
        (ApiScope::Chat, 403, 403, 403),
        (ApiScope::Read, 200, 403, 403),
        (ApiScope::ReadWrite, 200, 200, 201),
    ];
    for (scope, reading, updating, creating) in expectations {
        set_scope(&sandbox, scope);
        assert_eq!(show(&sandbox, &id).await.status, reading, "{scope:?}");
        let path = format!("visitors/{id}");
        let updated = sandbox.api(Method::PUT, &path, Some(&change)).await;
        assert_eq!(updated.status, updating, "{scope:?}");
        let created = sandbox.api(Method::POST, "visitors", Some(&change)).await;
        assert_eq!(created.status, creating, "{scope:?}");
    }
    set_scope(&sandbox, ApiScope::Chat);
    let refusal = show(&sandbox, &id).await.refusal();
    assert_eq!(refusal, (403, "insufficient_scope".to_owned()));
}

#[tokio::test]
async fn an_unknown_visitor_is_a_404_with_a_description() {
    let reply = show(&Sandbox::start().await, "9855790.xjj3ukxyIhn6j3").await;
    let expected = json!({
        "error": "Not Found",
        "description": "There is no visitor with this id.",
    });
    assert_eq!((reply.status, reply.json()), (404, expected));
}

#[tokio::test]
async fn other_methods_are_a_405_in_the_vendors_words() {
    let sandbox = Sandbox::start().await;
    let expected = json!({
        "description": "The method is not allowed for the requested URL.",
        "error": "Method Not Allowed",
    });
    for (method, path, allowed) in [
        (Method::DELETE, "visitors/1", "GET"),
        (Method::POST, "chat/visitors/1", "PUT"),
        (Method::GET, "visitors", "POST"),
        (Method::PUT, "chat/visitors", "POST"),
    ] {
        let reply = sandbox.api(method, path, None).await;
        assert_eq!(
            (reply.status, reply.json()),
            (405, expected.clone()),
            "{path}"
        );
        assert!(reply.header("allow").contains(allowed), "{path}");
    }
}

#[tokio::test]
async fn a_visitor_can_be_made_and_updated() {
    let sandbox = Sandbox::start().await;
    for collection in COLLECTIONS {
        let new =
            json!({ "name": "Visitor 1", "email": "v@example.com", "notes": "N", "phone": "+65" });
        let reply = sandbox.api(Method::POST, collection, Some(&new)).await;
        let made = reply.json();
        assert_eq!((reply.status, &made["name"]), (201, &json!("Visitor 1")));
        assert_eq!(made["external_id"], Value::Null);
        let path = format!("{collection}/{}", made["id"].as_str().unwrap());
        let change = json!({ "banned": true, "phone": "" });
        let updated = sandbox.api(Method::PUT, &path, Some(&change)).await.json();
        assert_eq!(
            (&updated["banned"], &updated["phone"], &updated["notes"]),
            (&json!(true), &json!(""), &json!("N"))
        );
        assert_eq!(sandbox.api(Method::GET, &path, None).await.json(), updated);
    }
}

#[tokio::test]
async fn what_is_not_the_hosts_to_write_changes_nothing() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    let path = format!("visitors/{id}");
    let before = show(&sandbox, &id).await.json();
    for bad in [
        json!({ "external_id": "riva" }),
        json!({ "id": "1" }),
        json!({ "created": 0 }),
        json!({ "name": 7, "phone": "1" }),
        json!({ "banned": "true" }),
        json!(["name"]),
    ] {
        let reply = sandbox.api(Method::PUT, &path, Some(&bad)).await;
        assert_eq!(
            reply.refusal(),
            (400, "invalid_request".to_owned()),
            "{bad}"
        );
    }
    let form = sandbox.request(Method::PUT, &format!("/zendesk/api/v2/{path}"));
    let form = form.bearer_auth(API_TOKEN).form(&[("name", "X")]);
    assert_eq!(Reply::of(form).await.status, 415);
    let long = json!({ "name": "x".repeat(17_000) });
    assert_eq!(
        sandbox.api(Method::PUT, &path, Some(&long)).await.status,
        413
    );
    let unknown = sandbox
        .api(Method::PUT, "visitors/unknown", Some(&json!({})))
        .await;
    assert_eq!(unknown.status, 404);
    assert_eq!(show(&sandbox, &id).await.json(), before);
}

#[tokio::test]
async fn calls_of_the_api_are_recorded() {
    let sandbox = Sandbox::start().await;
    let id = sandbox.dana_id().await;
    show(&sandbox, &id).await;
    show(&sandbox, "unknown").await;
    let recorded = sandbox.get("/zendesk/exchanges").await.json();
    assert_eq!(recorded[1]["call"], "visitor_show");
    assert_eq!(recorded[1]["externalId"], DANA);
    assert_eq!(recorded[2]["outcome"], "Not Found");
}
