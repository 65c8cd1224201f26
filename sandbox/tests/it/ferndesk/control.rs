//! Moving the switches over HTTP.

use reqwest::Method;
use sandbox::SecretInUse;
use sandbox::ferndesk::Contract;
use serde_json::json;

use crate::harness::{Reply, Sandbox};

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    assert_eq!(
        Sandbox::start().await.get("/ferndesk/control").await.json(),
        json!({
            "contract": "both",
            "failure": "none",
            "secret": "configured",
            "private": false,
            "slowMilliseconds": 12000,
        })
    );
}

#[tokio::test]
async fn a_change_moves_only_what_it_names() {
    let sandbox = Sandbox::start().await;
    sandbox
        .change_ferndesk(&json!({ "contract": "current" }))
        .await;
    sandbox
        .change_ferndesk(&json!({ "secret": "replaced" }))
        .await;
    let settings = sandbox.running.ferndesk().settings();
    assert_eq!(
        (settings.contract, settings.secret),
        (Contract::Current, SecretInUse::Replaced)
    );
}

#[tokio::test]
async fn a_plain_form_moves_a_switch_and_returns_to_the_console() {
    let sandbox = Sandbox::start().await;
    let form = sandbox
        .request(Method::POST, "/ferndesk/control")
        .form(&[("private", "true")]);
    let reply = Reply::of(form).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/ferndesk"));
    assert!(sandbox.running.ferndesk().settings().private);
}

#[tokio::test]
async fn other_sites_pages_move_no_switch() {
    let sandbox = Sandbox::start().await;
    let form = sandbox
        .request(Method::POST, "/ferndesk/control")
        .header("origin", "http://evil.test")
        .form(&[("secret", "replaced")]);
    assert_eq!(Reply::of(form).await.status, 403);
    let settings = sandbox.running.ferndesk().settings();
    assert_eq!(settings.secret, SecretInUse::Configured);
}

#[tokio::test]
async fn nonsense_moves_no_switch() {
    let sandbox = Sandbox::start().await;
    for change in [
        json!({ "failure": "explode" }),
        json!({ "secret": "ferndesk-secret" }),
        json!({ "contracts": "both" }),
    ] {
        assert_eq!(
            sandbox.change_ferndesk(&change).await.status,
            422,
            "{change}"
        );
    }
}

#[tokio::test]
async fn the_console_has_a_button_for_every_position() {
    let page = Sandbox::start().await.get("/ferndesk").await.body;
    for (name, codes) in [
        ("contract", ["both", "classic", "current"].as_slice()),
        ("failure", &["none", "server_error", "slow", "malformed"]),
        ("secret", &["configured", "replaced"]),
        ("private", &["false", "true"]),
    ] {
        for code in codes {
            let button = format!("name=\"{name}\" value=\"{code}\"");
            assert!(page.contains(&button), "{button}");
        }
    }
}
