//! Moving the switches over HTTP.

use reqwest::Method;
use serde_json::json;

use super::client::dana;
use crate::harness::{NOW, Reply, Sandbox};

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    let state = Sandbox::start().await.get("/knoon/control").await.json();
    assert_eq!(
        state,
        json!({
            "failure": "none",
            "apiKey": "configured",
            "expiresAt": "seconds",
            "lifetimeSeconds": 600,
            "slowMilliseconds": 12000,
            "blockSignOut": false,
        })
    );
}

#[tokio::test]
async fn a_change_moves_only_what_it_names() {
    let sandbox = Sandbox::start().await;
    sandbox.control(&json!({ "failure": "empty" })).await;
    let state = sandbox
        .control(&json!({ "blockSignOut": true }))
        .await
        .json();
    assert_eq!(
        (&state["failure"], &state["blockSignOut"]),
        (&json!("empty"), &json!(true))
    );
}

#[tokio::test]
async fn expires_at_is_written_in_the_chosen_form() {
    let sandbox = Sandbox::start().await;
    let forms = [
        ("seconds", json!(NOW + 600)),
        ("milliseconds", json!((NOW + 600) * 1000)),
        ("iso", json!("2027-01-15T08:10:00Z")),
        ("iso_offset", json!("2027-01-15T10:10:00+02:00")),
    ];
    for (form, expected) in forms {
        sandbox.control(&json!({ "expiresAt": form })).await;
        let issued = sandbox.credentials(&dana()).await.json();
        assert_eq!(issued["data"]["expiresAt"], expected, "{form}");
        let token = issued["data"]["jwt"].as_str().unwrap();
        assert_eq!(
            sandbox.session("cb_demo", token).await.json()["expiresAt"],
            expected
        );
    }
}

#[tokio::test]
async fn the_lifetime_of_credentials_can_be_chosen() {
    let sandbox = Sandbox::start().await;
    sandbox.control(&json!({ "lifetimeSeconds": 5 })).await;
    let issued = sandbox.credentials(&dana()).await.json();
    assert_eq!(issued["data"]["expiresAt"], json!(NOW + 5));
}

#[tokio::test]
async fn a_plain_form_moves_a_switch_and_returns_to_the_console() {
    let sandbox = Sandbox::start().await;
    let form = sandbox
        .request(Method::POST, "/knoon/control")
        .form(&[("blockSignOut", "true")]);
    let reply = Reply::of(form).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/knoon"));
    assert!(sandbox.running.knoon().settings().block_sign_out);
}

#[tokio::test]
async fn other_sites_pages_move_no_switch() {
    let sandbox = Sandbox::start().await;
    let headers = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "null"),
        ("origin", "http://evil.test"),
    ];
    for (name, value) in headers {
        let form = sandbox
            .request(Method::POST, "/knoon/control")
            .form(&[("failure", "empty")]);
        assert_eq!(
            Reply::of(form.header(name, value)).await.status,
            403,
            "{name}: {value}"
        );
    }
    let own = format!("http://{}", sandbox.running.http);
    let form = sandbox
        .request(Method::POST, "/knoon/control")
        .form(&[("failure", "slow")]);
    assert_eq!(Reply::of(form.header("origin", own)).await.status, 303);
}

#[tokio::test]
async fn nonsense_moves_no_switch() {
    let sandbox = Sandbox::start().await;
    for change in [
        json!({ "failure": "explode" }),
        json!({ "fail": "none" }),
        json!(3),
    ] {
        assert_eq!(sandbox.control(&change).await.status, 422, "{change}");
    }
    let text = sandbox
        .request(Method::POST, "/knoon/control")
        .header("content-type", "text/plain");
    assert_eq!(
        Reply::of(text.body("{\"failure\":\"empty\"}")).await.status,
        415
    );
    assert_eq!(
        sandbox.get("/knoon/control").await.json()["failure"],
        json!("none")
    );
}

#[tokio::test]
async fn the_console_has_a_button_for_every_failure_and_escapes_what_hosts_send() {
    let sandbox = Sandbox::start().await;
    let mut body = dana();
    body["externalId"] = json!("<script>alert(1)</script>");
    sandbox.credentials(&body).await;
    let page = sandbox.get("/knoon").await.body;
    for code in [
        "none",
        "unauthorized",
        "bad_request",
        "server_error",
        "slow",
        "empty",
        "long",
        "malformed",
        "huge",
    ] {
        assert!(
            page.contains(&format!("name=\"failure\" value=\"{code}\"")),
            "{code}"
        );
    }
    assert!(page.contains("&lt;script&gt;") && !page.contains("<script>alert"));
}
