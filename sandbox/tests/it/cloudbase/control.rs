//! The console, the switches and the record of exchanges.

use reqwest::Method;
use sandbox::cloudbase::{Failure, PemForm};
use serde_json::json;

use super::host::{UID, claims, claims_with};
use crate::harness::{Reply, Sandbox, assert_not_logged};

#[tokio::test]
async fn the_switches_start_where_everything_works() {
    let state = Sandbox::start()
        .await
        .get("/cloudbase/control")
        .await
        .json();
    let expected = json!({
        "failure": "none",
        "customLogin": true,
        "allowReplay": true,
        "accessTokenSeconds": 7200,
        "keyGraceSeconds": 7200,
        "slowMilliseconds": 12000,
    });
    assert_eq!(state, expected);
}

#[tokio::test]
async fn a_change_moves_only_what_it_names_in_json_and_by_form() {
    let sandbox = Sandbox::start().await;
    let control = || sandbox.request(Method::POST, "/cloudbase/control");
    let change = json!({ "customLogin": false, "accessTokenSeconds": 31 });
    let state = Reply::of(control().json(&change)).await.json();
    assert_eq!(
        (
            &state["customLogin"],
            &state["accessTokenSeconds"],
            &state["allowReplay"]
        ),
        (&json!(false), &json!(31), &json!(true))
    );
    let reply = Reply::of(control().form(&[("failure", "slow"), ("slowMilliseconds", "5")])).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/cloudbase")
    );
    let settings = sandbox.running.cloudbase().settings();
    assert_eq!(
        (settings.failure, settings.slow_milliseconds),
        (Failure::Slow, 5)
    );
}

#[tokio::test]
async fn nonsense_and_other_sites_move_no_switch() {
    let sandbox = Sandbox::start().await;
    let before = sandbox.running.cloudbase().settings();
    let control = || sandbox.request(Method::POST, "/cloudbase/control");
    for nonsense in [json!({ "failure": "explode" }), json!({ "fail": "none" })] {
        assert_eq!(
            Reply::of(control().json(&nonsense)).await.status,
            422,
            "{nonsense}"
        );
    }
    let foreign = control()
        .header("sec-fetch-site", "cross-site")
        .form(&[("failure", "slow")]);
    assert_eq!(Reply::of(foreign).await.status, 403);
    assert_eq!(sandbox.running.cloudbase().settings(), before);
}

#[tokio::test]
async fn the_record_tells_what_was_called_and_by_whom() {
    let sandbox = Sandbox::start().await;
    sandbox.sign_in("nonsense").await;
    let tokens = sandbox.signed_in().await;
    sandbox.me(&tokens).await;
    let tokens = sandbox.refresh(&tokens).await.json();
    sandbox.revoke(&tokens["access_token"]).await;
    sandbox.me(&tokens).await;

    let record = sandbox.get("/cloudbase/exchanges").await.json();
    let calls: Vec<_> = record
        .as_array()
        .unwrap()
        .iter()
        .map(|call| json!([call["endpoint"], call["outcome"], call["customUserId"]]))
        .collect();
    assert_eq!(
        calls,
        [
            json!(["signin/custom", "malformed_ticket", null]),
            json!(["signin/custom", "ok", UID]),
            json!(["user/me", "ok", UID]),
            json!(["token", "ok", UID]),
            json!(["revoke", "ok", UID]),
            json!(["user/me", "invalid_access_token", null]),
        ]
    );
    assert_eq!(record[1]["sub"], tokens["sub"]);
    assert_eq!(record[1]["time"], "2027-01-15T08:00:00Z");
}

#[tokio::test]
async fn no_key_ticket_or_token_is_shown_recorded_or_logged() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims());
    let tokens = sandbox.sign_in(&ticket).await.json();
    sandbox.sign_in(&format!("{ticket}x")).await;
    let cloudbase = sandbox.running.cloudbase();
    let key_file = || cloudbase.key_file(PemForm::Pkcs1).unwrap();
    let before = key_file();
    cloudbase.rotate().unwrap();
    let after = key_file();
    let secrets = [
        before.split("\\n").nth(1).unwrap(),
        after.split("\\n").nth(1).unwrap(),
        ticket.rsplit_once('.').unwrap().1,
        tokens["access_token"].as_str().unwrap(),
        tokens["refresh_token"].as_str().unwrap(),
    ];
    for path in [
        "/",
        "/cloudbase",
        "/cloudbase/exchanges",
        "/cloudbase/control",
    ] {
        let body = sandbox.get(path).await.body;
        assert!(
            secrets.iter().all(|secret| !body.contains(secret)),
            "{path}"
        );
        assert!(!body.contains("PRIVATE KEY"), "{path}");
    }
    assert_not_logged(&secrets);
}

#[tokio::test]
async fn the_console_shows_keys_and_users_and_escapes_what_hosts_send() {
    let sandbox = Sandbox::start().await;
    let ticket = sandbox.ticket(&claims_with("uid", json!("<b>dana")));
    let sub = sandbox.sign_in(&ticket).await.json()["sub"].clone();
    sandbox.running.cloudbase().rotate().unwrap();
    let page = sandbox.get("/cloudbase").await.body;
    for key in sandbox.running.cloudbase().keys() {
        assert!(page.contains(&key.id));
    }
    assert!(page.contains("accepted until") && page.contains(sub.as_str().unwrap()));
    assert!(page.contains("&lt;b&gt;dana") && !page.contains("<b>dana"));
    for code in ["none", "server_error", "slow", "malformed"] {
        let button = format!("name=\"failure\" value=\"{code}\"");
        assert!(page.contains(&button), "{code}");
    }
}
