//! The audit log: every event once, with the right people and place, in its own transaction, and nothing secret.

use std::process::Command;

use serde_json::Value;
use server::{
    audit::{Format, export},
    clock::Timestamp,
};

use crate::{
    harness::{
        Browser, DANA, GOOD_PASSWORD, PASSWORD, Process, RIVA, TestApp, database_url, open, output,
        settings,
    },
    oauth::{
        linking::{link, removals},
        sign_in_as,
    },
    vendors,
};

const ADA: &str = "ada@example.test";

/// The entries of the audit log.
async fn entries(app: &TestApp) -> Vec<Value> {
    let mut lines = Vec::new();
    let reader = app.state.database.read();
    export(reader, Timestamp(0), Format::Jsonl, &mut lines)
        .await
        .unwrap();
    let lines = String::from_utf8(lines).unwrap();
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// The kinds of the entries about users, each with its detail, without those before.
async fn kinds_after(app: &TestApp, before: usize) -> Vec<String> {
    let entries = entries(app).await;
    entries[before..]
        .iter()
        .map(|entry| match entry["detail"].as_str() {
            Some(detail) => format!("{} {detail}", entry["kind"].as_str().unwrap()),
            None => entry["kind"].as_str().unwrap().to_owned(),
        })
        .collect()
}

async fn user_id(app: &TestApp, email: &'static str) -> String {
    let sql = match email {
        DANA => "SELECT id FROM users WHERE email = 'demo@latchkey.localhost'",
        _ => "SELECT id FROM users WHERE email = 'ada@example.test'",
    };
    server::database::query(sql)
        .fetch_one(app.state.database.read())
        .await
        .unwrap()
}

/// Runs `latchkey` on the deployment's database; returns whether it succeeded, and what it printed.
async fn latchkey(app: &TestApp, arguments: &[&str]) -> (bool, String) {
    let settings = settings(app.addr, &app.sandbox, app.folder.path(), &[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.env_clear().envs(settings).args(arguments);
    let output = output(command).await;
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(text).unwrap())
}

#[tokio::test]
async fn what_users_do_is_recorded_once() {
    let app = TestApp::start().await;
    let seeded = entries(&app).await.len();
    app.register(ADA, GOOD_PASSWORD).await;
    let ada = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    link(&app, &ada, "umut-unverified").await;
    sign_in_as(&app, &app.anonymous(), "umut-unverified").await;
    let removal = removals(&ada).await.remove(0);
    ada.post(&removal, &[]).await;
    let change = [
        ("current_password", GOOD_PASSWORD),
        ("new_password", "nine green lamps at dawn"),
    ];
    let changed = ada.post("/account/password", &change).await;
    assert_eq!(changed.status, 303, "{}", changed.body);
    let token = app.reset_token(ADA).await;
    let reset = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
    ada.post("/reset-password", &reset).await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    assert_eq!(
        kinds_after(&app, seeded).await,
        [
            "account_created",
            "signed_in password",
            "linked sso",
            "signed_in sso",
            "unlinked sso",
            "password_changed",
            "password_reset",
            "account_created",
            "linked sso",
            "signed_in sso",
        ]
    );
    let id = user_id(&app, ADA).await;
    for entry in &entries(&app).await[seeded..seeded + 7] {
        assert_eq!(entry["subject"], *id, "{entry}");
        assert_eq!(entry["actor"], *id, "{entry}");
    }
    for secret in [ADA, GOOD_PASSWORD, &token, "umut@people.example"] {
        for entry in entries(&app).await {
            assert!(!entry.to_string().contains(secret), "{secret} in {entry}");
        }
    }
}

#[tokio::test]
async fn what_operators_do_is_recorded_as_theirs() {
    let app = TestApp::start().await;
    let before = entries(&app).await.len();
    for arguments in [
        &["user", "add", ADA, "--name", "Ada"][..],
        &["user", "disable", ADA],
        &["user", "enable", ADA],
        &["user", "sign-out", ADA],
        &["user", "reset-link", ADA],
        &["user", "list"],
        &["chat-box", "remove", "cb_partner"],
    ] {
        let (succeeded, text) = latchkey(&app, arguments).await;
        assert!(succeeded, "{arguments:?}: {text}");
    }
    assert_eq!(
        kinds_after(&app, before).await,
        [
            "account_created",
            "reset_link_created",
            "disabled",
            "enabled",
            "signed_out_everywhere",
            "reset_link_created",
            "chat_box_removed cb_partner",
        ]
    );
    let id = user_id(&app, ADA).await;
    for entry in &entries(&app).await[before..before + 6] {
        assert_eq!(entry["actor"], "operator", "{entry}");
        assert_eq!(entry["subject"], *id, "{entry}");
        assert_eq!(entry["client"], Value::Null, "{entry}");
    }
}

#[tokio::test]
async fn an_event_says_from_where_it_came() {
    let app = TestApp::start_with(&[("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let browser = app.anonymous();
    let agent = "Mozilla/5.0 ".repeat(40);
    let form = [("email", DANA), ("password", PASSWORD)];
    let request = browser.own_page(browser.request(reqwest::Method::POST, "/login"));
    let request = request
        .form(&form)
        .header("user-agent", &agent)
        .header("x-forwarded-for", "203.0.113.1, 2001:db8:1:2:3:4:5:6")
        .header("x-request-id", "from-the-proxy");
    assert_eq!(browser.send(request).await.status, 303);
    let entry = entries(&app).await.pop().unwrap();
    assert_eq!(entry["kind"], "signed_in");
    assert_eq!(entry["client"], "2001:db8:1:2::/64");
    assert_eq!(entry["user_agent"], agent[..200]);
    assert_eq!(entry["request_id"], "from-the-proxy");
    assert_eq!(entry["at"], app.clock.now().rfc3339().unwrap());
}

#[tokio::test]
async fn there_is_no_event_without_what_it_is_about_nor_the_other_way_round() {
    let app = TestApp::start().await;
    app.execute("ALTER TABLE audit_events RENAME TO elsewhere")
        .await;
    assert!(app.anonymous().sign_in(DANA, PASSWORD).await.status >= 500);
    let signed_in = "SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL";
    assert_eq!(app.count(signed_in).await, 0);
    app.execute("ALTER TABLE elsewhere RENAME TO audit_events")
        .await;
    app.execute("ALTER TABLE sessions RENAME TO elsewhere")
        .await;
    let before = entries(&app).await.len();
    assert!(app.anonymous().sign_in(DANA, PASSWORD).await.status >= 500);
    assert_eq!(entries(&app).await.len(), before);
}

#[tokio::test]
async fn the_failure_that_locks_an_account_is_recorded_alone() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_FAILURES", "10")]).await;
    let before = entries(&app).await.len();
    for _ in 0..12 {
        app.anonymous().sign_in(DANA, "a wrong password").await;
        app.anonymous()
            .sign_in("no@one.test", "a wrong password")
            .await;
    }
    assert_eq!(kinds_after(&app, before).await, ["locked"]);
    let entry = entries(&app).await.pop().unwrap();
    assert_eq!(entry["subject"], *user_id(&app, DANA).await);
    assert_eq!(entry["actor"], Value::Null);
    assert_eq!(entry["client"], "127.0.0.1");
}

/// The counts of credentials: vendor, site and number.
async fn uses(app: &TestApp) -> Vec<(String, String, i64)> {
    app.state.uses.flush(&app.state.database).await.unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let entries = entries(app).await;
    let uses = entries
        .iter()
        .filter(|entry| entry["kind"] == "credentials");
    let mut uses: Vec<_> = uses
        .map(|entry| {
            let number = entry["uses"].as_i64().unwrap();
            (text(&entry["vendor"]), text(&entry["site"]), number)
        })
        .collect();
    uses.sort();
    uses
}

#[tokio::test]
async fn credentials_are_counted_by_user_vendor_site_and_day() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    vendors::credentials(&dana).await;
    let once = uses(&app).await;
    assert!(!once.is_empty());
    assert!(once.iter().all(|(_, site, _)| site == "login"), "{once:?}");
    vendors::credentials(&dana).await;
    let twice = uses(&app).await;
    for ((vendor, _, first), (_, _, second)) in once.iter().zip(&twice) {
        assert_eq!(*second, 2 * first, "{vendor}");
    }
    app.clock
        .advance(std::time::Duration::from_secs(24 * 60 * 60));
    vendors::credentials(&dana).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    vendors::credentials(&riva).await;
    let rows = uses(&app).await.len();
    assert_eq!(rows, 3 * once.len(), "another day and another user");
}

#[tokio::test]
async fn a_credential_for_a_chat_box_is_counted_for_that() {
    let Some(handoff) = server::vendors::Vendors::handoff() else {
        return;
    };
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let body = r#"{"chatBoxId":"cb_demo"}"#;
    let response = dana.post_json(handoff.credential_path, body).await;
    assert_eq!(response.status, 200);
    let expected = (handoff.name.to_owned(), "cb_demo".to_owned(), 1);
    assert_eq!(uses(&app).await, [expected]);
}

#[tokio::test]
async fn counts_that_cannot_be_written_are_written_later() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    vendors::credentials(&dana).await;
    app.execute("ALTER TABLE credential_uses RENAME TO elsewhere")
        .await;
    assert!(app.state.uses.flush(&app.state.database).await.is_err());
    vendors::credentials(&dana).await;
    app.execute("ALTER TABLE elsewhere RENAME TO credential_uses")
        .await;
    let responses = vendors::credentials(&dana).await.len() as i64;
    let counted = uses(&app).await;
    let counted: i64 = counted.iter().map(|(_, _, number)| number).sum();
    assert_eq!(counted, 3 * responses);
}

#[tokio::test]
async fn the_counts_are_written_while_the_server_runs_and_when_it_ends() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(&sandbox, folder.path(), &[]).await;
    let browser: Browser = process.anonymous();
    browser.sign_in(DANA, PASSWORD).await;
    let issued = vendors::credentials(&browser).await.len() as i64;
    let database = open(&database_url(folder.path())).await.unwrap();
    let counted = || async {
        let sum = "SELECT CAST(COALESCE(SUM(uses), 0) AS BIGINT) FROM credential_uses";
        let number: i64 = server::database::query(sum)
            .fetch_one(database.read())
            .await
            .unwrap();
        number
    };
    for _ in 0..1000 {
        if counted().await == issued {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(counted().await, issued);
    vendors::credentials(&browser).await;
    process.terminate();
    let (status, log) = process.ended().await;
    assert!(status.success(), "{log}");
    assert_eq!(counted().await, 2 * issued);
}

#[tokio::test]
async fn the_command_prints_everything_since_a_day() {
    let app = TestApp::start().await;
    app.execute(
        "INSERT INTO audit_events (at, id, kind, user_agent)
         VALUES (1767225599999, 'a', 'before', NULL), (1767225600000, 'b', 'first', '=HYPERLINK(\"x\")')",
    )
    .await;
    app.signed_in().await;
    let (succeeded, all) = latchkey(&app, &["audit", "export"]).await;
    assert!(
        succeeded && all.contains("\"before\"") && all.contains("signed_in"),
        "{all}"
    );
    let since = [
        "audit",
        "export",
        "--since",
        "2026-01-01",
        "--format",
        "csv",
    ];
    let (succeeded, csv) = latchkey(&app, &since).await;
    assert!(succeeded, "{csv}");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("at,kind,actor,subject,"), "{csv}");
    let first = r#""2026-01-01T00:00:00.000Z","first",,,,,"'=HYPERLINK(""x"")",,,,,"#;
    assert_eq!(lines[1], first, "{csv}");
    assert!(!csv.contains("before"), "{csv}");
    let (succeeded, refusal) = latchkey(&app, &["audit", "export", "--since", "yesterday"]).await;
    assert!(
        !succeeded && refusal.contains("yesterday is not a day"),
        "{refusal}"
    );
}

#[tokio::test]
async fn pages_of_entries_lose_none() {
    let app = TestApp::start().await;
    let before = entries(&app).await.len();
    app.execute(
        "INSERT INTO audit_events (at, id, kind)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
         SELECT i / 1300, 'id' || i, 'made_up' FROM n",
    )
    .await;
    app.execute(
        "INSERT INTO credential_uses (user_id, vendor, site, day, uses, last_at)
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
         SELECT 'user' || i, '', '', '', 1, i / 1300 FROM n",
    )
    .await;
    assert_eq!(entries(&app).await.len(), before + 5000);
}

#[tokio::test]
async fn of_a_deleted_user_nothing_is_left_but_a_pseudonym() {
    let app = TestApp::start().await;
    app.register(ADA, GOOD_PASSWORD).await;
    let ada = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    link(&app, &ada, "umut-unverified").await;
    vendors::credentials(&ada).await;
    let counted = uses(&app).await;
    let id = user_id(&app, ADA).await;
    let (deleted, text) = latchkey(&app, &["user", "delete", ADA]).await;
    assert!(deleted, "{text}");
    assert_eq!(ada.get("/account").await.status, 303);
    assert_eq!(uses(&app).await, counted);
    let stored = String::from_utf8_lossy(&app.stored().await).into_owned();
    let entries = entries(&app).await;
    let theirs: Vec<_> = entries
        .iter()
        .filter(|entry| {
            let subject = entry["subject"].as_str();
            subject.is_some_and(|subject| subject.starts_with("deleted-"))
        })
        .collect();
    let pseudonym = &theirs[0]["subject"];
    assert!(theirs.iter().all(|entry| entry["subject"] == *pseudonym));
    let kinds: Vec<_> = theirs.iter().map(|entry| entry["kind"].as_str()).collect();
    for kind in [
        "account_created",
        "signed_in",
        "linked",
        "deleted",
        "credentials",
    ] {
        assert!(kinds.contains(&Some(kind)), "{kind} in {kinds:?}");
    }
    for entry in &theirs {
        assert_eq!(entry["client"], Value::Null, "{entry}");
        assert_eq!(entry["user_agent"], Value::Null, "{entry}");
    }
    for entry in &entries {
        assert!(!entry.to_string().contains(&id), "{entry}");
    }
    // SQLite keeps what was deleted in free pages of the file until they are used again.
    if crate::harness::postgres().is_some() {
        assert!(!stored.contains(&id));
    }
    app.register(ADA, GOOD_PASSWORD).await;
    let again = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    assert!(removals(&again).await.is_empty(), "nothing is inherited");
    assert_ne!(user_id(&app, ADA).await, id);
}
