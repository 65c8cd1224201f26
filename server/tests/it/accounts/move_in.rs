//! Users who come from other systems with their password hashes.
//!
//! The files in `exports/` are made up: `django.json` by `dumpdata` of Django 5.2.19, the others by hand in the documented
//! form, with hashes of `hashes.json`, whose makers are named there.

use std::{fs, path::PathBuf, process::Command};

use serde_json::{Value, json};
use server::accounts::attributes_of;

use crate::{
    harness::{DANA, GOOD_PASSWORD, TestApp, output, settings},
    oauth::{identities, linking::link},
};

const HASHES: &str = include_str!("../../../src/accounts/hasher/kinds/hashes.json");

/// The password of every export.
const OLD_PASSWORD: &str = "fourteen tame otters";

/// The key with which the hash of Firebase's kind was made.
const SETTINGS: [(&str, &str); 2] = [
    (
        "LATCHKEY_FIREBASE_SIGNER_KEY",
        "wOmqzadMQLYtBjuuJw3zk6P2CLSpQWzWDzM1kPVo05SISUsH7I6CVAMriYCtnBLFvi163/fU50ARCMKiwa7VIQ==",
    ),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "1000"),
];

async fn start() -> TestApp {
    TestApp::start_with(&SETTINGS).await
}

/// Runs `latchkey user`; returns whether it succeeded, and what it printed and said.
async fn user(app: &TestApp, arguments: &[&str]) -> (bool, String, String) {
    let settings = settings(app.addr, &app.sandbox, app.folder.path(), &SETTINGS);
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.env_clear().envs(settings);
    command.arg("user").args(arguments);
    let output = output(command).await;
    let [printed, said] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.success(), printed, said)
}

fn file(app: &TestApp, name: &str, content: &str) -> String {
    let path = app.folder.path().join(name);
    fs::write(&path, content).unwrap();
    path.display().to_string()
}

fn lines(entries: &[Value]) -> String {
    entries.iter().map(|entry| format!("{entry}\n")).collect()
}

/// Imports a file, and returns the line at the end.
async fn import(app: &TestApp, arguments: &[&str]) -> String {
    let (succeeded, printed, said) = user(app, &[&["import"], arguments].concat()).await;
    assert!(succeeded, "{arguments:?}: {printed}{said}");
    printed.trim_end().to_owned()
}

async fn hash_of(app: &TestApp, email: &str) -> String {
    server::database::query("SELECT password_hash FROM users WHERE email_key = $1")
        .bind(email)
        .fetch_one(app.state.database.read())
        .await
        .unwrap()
}

#[tokio::test]
async fn every_hash_lets_its_user_in_once_and_is_ours_afterwards() {
    let app = start().await;
    let made: Vec<Value> = serde_json::from_str(HASHES).unwrap();
    let address = |number: usize| format!("user{number}@example.test");
    let users = made.iter().enumerate().map(|(number, made)| {
        json!({
            "id": number, "email": address(number), "email_verified": true, "password_hash": made["hash"],
        })
    });
    let users: Vec<Value> = users.collect();
    let file = file(&app, "users.jsonl", &lines(&users));
    let expected = format!("{} added, 0 there already, 0 refused", users.len());
    assert_eq!(import(&app, &[&file]).await, expected);
    for (number, made) in made.iter().enumerate() {
        let (kind, email) = (&made["kind"], address(number));
        let password = made["password"].as_str().unwrap();
        let wrong = app.anonymous().sign_in(&email, GOOD_PASSWORD).await;
        assert_eq!(wrong.status, 401, "{kind}");
        assert_eq!(hash_of(&app, &email).await, made["hash"], "{kind}");
        assert!(
            app.signed_in_as(&email, password)
                .await
                .is_signed_in()
                .await
        );
        let ours = hash_of(&app, &email).await;
        assert!(
            ours.starts_with("$argon2id$v=19$m=7168,t=1,p=1$"),
            "{kind}: {ours}"
        );
        app.signed_in_as(&email, password).await;
        assert_eq!(hash_of(&app, &email).await, ours, "{kind}");
        // Also where the old system has read 72 bytes of it.
        let longer = format!("{password}!");
        assert_eq!(
            app.anonymous().sign_in(&email, &longer).await.status,
            401,
            "{kind}"
        );
    }
}

#[tokio::test]
async fn the_exports_of_other_systems_are_read_as_they_come() {
    for (name, format, email, summary, verified, old_id) in [
        (
            "auth0.json",
            "auth0",
            "ada.auth0@example.test",
            "1 added",
            true,
            "auth0|60425dc43519d90068f82973",
        ),
        (
            "django.json",
            "django",
            "ada.django@example.test",
            "3 added",
            false,
            "1",
        ),
        (
            "firebase.json",
            "firebase",
            "ada.firebase@example.test",
            "1 added",
            true,
            "XkOUwbvY1uN8QyVd6mYXo2Fp9Zt1",
        ),
        (
            "keycloak.json",
            "keycloak",
            "ada.keycloak@example.test",
            "1 added",
            true,
            "6d2e6c0a-5a1c-4c8f-9a53-0d0f5f5a3f11",
        ),
        (
            "laravel.csv",
            "laravel",
            "ada.laravel@example.test",
            "2 added",
            true,
            "1",
        ),
    ] {
        let app = start().await;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/accounts/exports");
        let path = folder.join(name).display().to_string();
        // The fixture's parameters are cheaper than those of real projects.
        let options = [&path, "--firebase-mem-cost", "10"];
        let (_, printed, said) = user(&app, &[&["import"], options.as_slice()].concat()).await;
        assert!(printed.starts_with(summary), "{name}: {printed}{said}");
        let no_address = "the email address is missing";
        assert_eq!(said.contains(no_address), format == "django", "{said}");
        let (_, again, _) = user(
            &app,
            &[&["import", "--from", format], options.as_slice()].concat(),
        )
        .await;
        assert!(again.starts_with("0 added"), "{name}: {again}");

        let browser = app.signed_in_as(email, OLD_PASSWORD).await;
        let account = browser.get("/account").await.body;
        assert!(account.to_lowercase().contains("ada"), "{name}");
        let id: String = server::database::query("SELECT id FROM users WHERE email_key = $1")
            .bind(email)
            .fetch_one(app.state.database.read())
            .await
            .unwrap();
        let attributes = attributes_of(app.state.database.read(), &id).await.unwrap();
        assert_eq!(
            serde_json::to_value(attributes.get("imported_id")).unwrap(),
            old_id
        );
        let count = format!("{name}: whether the address is verified");
        let unverified =
            "SELECT COUNT(*) FROM users WHERE email_verified_at IS NULL AND email_key LIKE 'ada.%'";
        assert_eq!(app.count(unverified).await, i64::from(!verified), "{count}");
    }
}

#[tokio::test]
async fn users_who_cannot_sign_in_there_cannot_here() {
    let app = start().await;
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/accounts/exports");
    let path = folder.join("django.json").display().to_string();
    user(&app, &["import", &path]).await;
    for email in ["bob.django@example.test", "cid.django@example.test"] {
        let response = app.anonymous().sign_in(email, OLD_PASSWORD).await;
        assert_eq!(response.status, 401, "{email}");
    }
    let disabled = "SELECT COUNT(*) FROM users WHERE disabled_at IS NOT NULL";
    assert_eq!(app.count(disabled).await, 1);
    let without = "SELECT COUNT(*) FROM users WHERE password_hash IS NULL";
    assert_eq!(app.count(without).await, 1);
}

#[tokio::test]
async fn what_is_refused_is_reported_with_its_reason_and_the_rest_is_added() {
    let app = start().await;
    let id = "0123456789abcdef0123456789abcdef";
    let entries = [
        json!({ "id": id, "email": "ada@example.test", "display_name": "Ada" }),
        json!({ "email": DANA.to_uppercase() }),
        json!({ "id": id, "email": "eve@example.test" }),
        json!({ "email": "bob@example" }),
        json!({ "email": "bob@example.test", "password_hash": "5f4dcc3b5aa765d61d8327deb882cf99" }),
        json!({ "email": "bob@example.test", "password_hash": "$2b$31$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy" }),
        json!({ "email": "bob@example.test", "attributes": { "plan": [] } }),
        json!({ "email": "bob@example.test", "display_name": "a\u{202e}b" }),
        json!({ "email": "bob@example.test", "photo_url": "javascript:alert(1)" }),
        json!({ "email": "bob@example.test", "role": "admin" }),
        json!([]),
        json!({ "email": "bob@example.test" }),
    ];
    let content = lines(&entries) + "{\"email\":\n\n";
    let (file, report) = (
        file(&app, "users.jsonl", &content),
        app.folder.path().join("report"),
    );
    let report_path = report.display().to_string();
    let arguments = [
        "import",
        &file,
        "--from",
        "latchkey",
        "--report",
        &report_path,
    ];
    let dry = [arguments.as_slice(), &["--dry-run"]].concat();
    let before = app.count("SELECT COUNT(*) FROM users").await;
    for (arguments, summary) in [
        (
            dry.as_slice(),
            "3 would be added, 0 there already, 10 refused",
        ),
        (arguments.as_slice(), "2 added, 0 there already, 11 refused"),
        (arguments.as_slice(), "0 added, 2 there already, 11 refused"),
    ] {
        let (succeeded, printed, said) = user(&app, arguments).await;
        assert!(
            !succeeded && said.contains("some users were refused"),
            "{said}"
        );
        assert_eq!(printed.trim_end(), summary);
        let users = app.count("SELECT COUNT(*) FROM users").await;
        assert_eq!(users == before, arguments.contains(&"--dry-run"));
    }
    let report = fs::read_to_string(report).unwrap();
    let reasons = [
        "2: the address has an account already",
        "3: the ID has an account already",
        "4: the email address is not valid",
        "5: the password hash is of no known kind",
        "6: the password hash would take about 107374182",
        "7: attribute plan must be a string",
        "8: the display name must be",
        "9: the photo must be an https URL",
        "10: there is no field role",
        "11: it is not a JSON object",
        "13: it is not a JSON object",
    ];
    assert_eq!(report.lines().count(), reasons.len(), "{report}");
    for (line, reason) in report.lines().zip(reasons) {
        assert!(line.starts_with(reason), "{line}");
    }
    assert_eq!(event_count(&app, "users_imported").await, 1);
}

async fn event_count(app: &TestApp, kind: &str) -> i64 {
    server::database::query(
        "SELECT COUNT(*) FROM audit_events WHERE kind = $1 AND actor = 'operator'",
    )
    .bind(kind)
    .fetch_one(app.state.database.read())
    .await
    .unwrap()
}

#[tokio::test]
async fn a_file_that_cannot_be_read_changes_nothing() {
    let app = start().await;
    let cut = json!({ "users": [{ "localId": "1", "email": "ada@example.test" }] }).to_string();
    for (name, content, reason) in [
        (
            "unclear.csv",
            "name,mail\nAda,ada@example.test\n",
            "say it with --from",
        ),
        ("empty", "", "say it with --from"),
        (
            "cut.json",
            &cut[..cut.len() - 2],
            "cannot read the file to its end",
        ),
    ] {
        let (succeeded, printed, said) = user(&app, &["import", &file(&app, name, content)]).await;
        assert!(
            !succeeded && printed.is_empty() && said.contains(reason),
            "{name}: {said}"
        );
    }
    let (succeeded, _, said) = user(&app, &["import", "/nowhere/users.jsonl"]).await;
    assert!(
        !succeeded && said.contains("cannot read the file"),
        "{said}"
    );
}

#[tokio::test]
async fn comma_separated_values_are_read_by_their_names() {
    let app = start().await;
    let content = "\u{feff}email,id,email_verified,display_name,created_at,attributes\r\n\
        ada@example.test,0123456789abcdef0123456789abcdef,true,\"Lovelace, Ada\",2020-01-02T03:04:05Z,\"{\"\"plan\"\":\"\"gold\"\"}\"\r\n\
        bob@example.test,,0,,,\r\n\
        too,few\r\n";
    let path = file(&app, "users.csv", content);
    let (_, printed, said) = user(&app, &["import", &path, "--from", "latchkey"]).await;
    assert_eq!(
        printed.trim_end(),
        "2 added, 0 there already, 1 refused",
        "{said}"
    );
    assert!(
        said.contains("4: it is not a line with as many values as names"),
        "{said}"
    );
    let (_, exported, _) = user(&app, &["export"]).await;
    let ada = exported.lines().find(|line| line.contains("ada@")).unwrap();
    let expected = json!({
        "id": "0123456789abcdef0123456789abcdef", "email": "ada@example.test", "email_verified": true,
        "display_name": "Lovelace, Ada", "created_at": "2020-01-02T03:04:05.000Z", "attributes": { "plan": "gold" },
    });
    assert_eq!(serde_json::from_str::<Value>(ada).unwrap(), expected);
}

#[tokio::test]
async fn what_is_exported_can_be_imported_elsewhere() {
    let (here, there) = (start().await, start().await);
    let users: Vec<Value> = (0..1100)
        .map(|number| {
            json!({
                "id": number, "email": format!("user{number}@example.test"), "disabled": number == 7,
                "attributes": { "number": number },
            })
        })
        .collect();
    import(
        &here,
        &[
            &file(&here, "users.jsonl", &lines(&users)),
            "--from",
            "latchkey",
        ],
    )
    .await;
    let (succeeded, exported, said) = user(&here, &["export"]).await;
    assert!(succeeded, "{said}");
    assert_eq!(event_count(&here, "users_exported").await, 1);
    // Both have the demo's users, with other IDs.
    there.execute("DELETE FROM users").await;
    let summary = import(&there, &[&file(&there, "users.jsonl", &exported)]).await;
    assert_eq!(summary, "1102 added, 0 there already, 0 refused");
    assert_eq!(user(&there, &["export"]).await.1, exported);
    there.signed_in().await;
}

#[tokio::test]
async fn an_unverified_address_is_verified_by_a_link_that_a_mail_brings() {
    let app = start().await;
    let entry =
        json!({ "email": "ada@example.test", "email_verified": false, "password_hash": null });
    import(&app, &[&file(&app, "users.jsonl", &lines(&[entry]))]).await;
    let unverified = "SELECT COUNT(*) FROM users WHERE email_verified_at IS NULL";
    assert_eq!(app.count(unverified).await, 1);
    let token = app.reset_token("ada@example.test").await;
    assert_eq!(app.count(unverified).await, 1);
    let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
    let response = app.anonymous().post("/reset-password", &form).await;
    assert_eq!(response.status, 303);
    assert_eq!(app.count(unverified).await, 0);
}

/// Who registered an address elsewhere need not own it.
#[tokio::test]
async fn what_was_linked_before_the_owner_proved_the_address_signs_no_one_in() {
    let app = start().await;
    let entry = json!({
        "email": "ada@example.test", "email_verified": false,
        "password_hash": "$2b$05$ON0bKsEW.n2OLCaPnfOdwO4mvrYOKxXjpourYR9Ix7gTlqGYDXPUO",
    });
    import(&app, &[&file(&app, "users.jsonl", &lines(&[entry]))]).await;
    let stranger = app.signed_in_as("ada@example.test", OLD_PASSWORD).await;
    link(&app, &stranger, "vera-verified").await;
    assert_eq!(identities(&app).await, 1);
    let token = app.reset_token("ada@example.test").await;
    let form = [("token", token.as_str()), ("new_password", GOOD_PASSWORD)];
    app.anonymous().post("/reset-password", &form).await;
    assert_eq!(identities(&app).await, 0);
    let unlinked = "SELECT COUNT(*) FROM audit_events WHERE kind = 'unlinked'";
    assert_eq!(app.count(unlinked).await, 1);
    assert!(!stranger.is_signed_in().await);

    // From now on, the owner's own links stay.
    let owner = app.signed_in_as("ada@example.test", GOOD_PASSWORD).await;
    link(&app, &owner, "vera-verified").await;
    let token = app.reset_token("ada@example.test").await;
    let form = [("token", token.as_str()), ("new_password", OLD_PASSWORD)];
    app.anonymous().post("/reset-password", &form).await;
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn an_operator_vouches_for_addresses_of_a_system_that_does_not_know() {
    let app = start().await;
    let entry = json!({ "email": "ada@example.test", "email_verified": false });
    let path = file(&app, "users.jsonl", &lines(&[entry]));
    import(&app, &[&path, "--verified"]).await;
    let unverified = "SELECT COUNT(*) FROM users WHERE email_verified_at IS NULL";
    assert_eq!(app.count(unverified).await, 0);
}
