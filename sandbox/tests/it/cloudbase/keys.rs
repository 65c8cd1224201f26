//! The key file and its rotation.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Duration;

use reqwest::Method;
use sandbox::Config;
use sandbox::cloudbase::{KeyStatus, Outcome, PemForm, SettingsChange};
use serde_json::json;

use super::host::{KeyFile, MINUTE_MS, NOW_MS, claims, claims_with, header};
use crate::harness::{Reply, Sandbox};

const GRACE: Duration = Duration::from_secs(2 * 60 * 60);

#[tokio::test]
async fn a_replaced_key_goes_on_for_two_hours() {
    let sandbox = Sandbox::start().await;
    let cloudbase = sandbox.running.cloudbase();
    let old = sandbox.key_file();
    cloudbase.rotate().unwrap();
    let new = sandbox.key_file();
    assert_ne!((&old.id, &old.pem), (&new.id, &new.pem));

    sandbox.clock.advance(GRACE - Duration::from_millis(1));
    let now = NOW_MS + 120 * MINUTE_MS - 1;
    let mut late = claims_with("iat", json!(now));
    late["exp"] = json!(now + 10 * MINUTE_MS);
    for key in [&old, &new] {
        assert_eq!(
            sandbox.sign_in(&key.ticket(&header(), &late)).await.status,
            200
        );
    }
    assert_eq!(
        cloudbase.keys()[1].until.as_deref(),
        Some("2027-01-15T10:00:00Z")
    );

    sandbox.clock.advance(Duration::from_millis(1));
    let reply = sandbox.sign_in(&old.ticket(&header(), &late)).await;
    let text = "[AUTH_INVALID_CUSTOM_LOGIN_TICKET] Key do not exist or expired";
    assert_eq!(reply.json()["error_description"], text);
    assert_eq!(sandbox.outcome(), Outcome::ExpiredKey);
    assert_eq!(
        sandbox.sign_in(&new.ticket(&header(), &late)).await.status,
        200
    );
    let statuses: Vec<_> = cloudbase.keys().iter().map(|key| key.status).collect();
    assert_eq!(statuses, [KeyStatus::Current, KeyStatus::Expired]);
}

#[tokio::test]
async fn a_second_rotation_does_not_give_the_first_key_more_time() {
    let sandbox = Sandbox::start().await;
    let cloudbase = sandbox.running.cloudbase();
    let oldest = sandbox.key_file();
    cloudbase.rotate().unwrap();
    sandbox.clock.advance(GRACE);
    cloudbase.rotate().unwrap();
    let ticket = oldest.ticket(&header(), &claims());
    sandbox.refused(&ticket, Outcome::ExpiredKey).await;
}

#[tokio::test]
async fn the_grace_can_be_switched_off() {
    let sandbox = Sandbox::start().await;
    let cloudbase = sandbox.running.cloudbase();
    cloudbase.change(&SettingsChange {
        key_grace_seconds: Some(0),
        ..SettingsChange::default()
    });
    let old = sandbox.ticket(&claims());
    cloudbase.rotate().unwrap();
    sandbox.refused(&old, Outcome::ExpiredKey).await;
}

#[tokio::test]
async fn a_key_signs_only_under_its_own_id() {
    let sandbox = Sandbox::start().await;
    let old = sandbox.key_file();
    sandbox.running.cloudbase().rotate().unwrap();
    let mut mixed = sandbox.key_file();
    mixed.id = old.id;
    let ticket = mixed.ticket(&header(), &claims());
    sandbox.refused(&ticket, Outcome::BadSignature).await;
}

#[tokio::test]
async fn both_forms_of_pem_hold_the_same_key() {
    let sandbox = Sandbox::start().await;
    let file = sandbox
        .running
        .cloudbase()
        .key_file(PemForm::Pkcs8)
        .unwrap();
    let key = KeyFile::parse(&file);
    assert!(key.pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
    assert!(
        sandbox
            .key_file()
            .pem
            .starts_with("-----BEGIN RSA PRIVATE KEY-----\n")
    );
    assert_eq!(
        sandbox
            .sign_in(&key.ticket(&header(), &claims()))
            .await
            .status,
        200
    );
}

async fn with_key_file(path: &Path) -> anyhow::Result<sandbox::Running> {
    let mut config = Config::ephemeral();
    config.services.cloudbase.key_file = Some(path.to_owned());
    sandbox::start(config).await
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
    entries
        .map(|entry| name(entry).into_string().unwrap())
        .collect()
}

#[tokio::test]
async fn the_file_is_there_at_the_start_and_replaced_whole_at_a_rotation() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("not/yet/there/tcb_custom_login.json");
    let running = with_key_file(&path).await.unwrap();
    let read = || fs::read_to_string(&path).unwrap();
    let before = read();
    assert_eq!(
        before,
        running.cloudbase().key_file(PemForm::Pkcs1).unwrap()
    );
    let mut reader = fs::File::open(&path).unwrap();

    running.cloudbase().rotate().unwrap();
    assert_ne!(read(), before);
    assert_eq!(
        read(),
        running.cloudbase().key_file(PemForm::Pkcs1).unwrap()
    );
    let mut held = String::new();
    std::io::Read::read_to_string(&mut reader, &mut held).unwrap();
    assert_eq!(held, before, "a reader keeps the old file");

    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(names(path.parent().unwrap()), ["tcb_custom_login.json"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_written_stops_the_start_and_keeps_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let error = with_key_file(&blocked.join("key.json"))
        .await
        .err()
        .unwrap();
    assert!(error.to_string().contains("SANDBOX_CLOUDBASE_KEY_FILE"));

    let path = folder.path().join("folder/key.json");
    let running = with_key_file(&path).await.unwrap();
    let before = running.cloudbase().keys();
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path.parent().unwrap(), "").unwrap();
    assert!(running.cloudbase().rotate().is_err());
    assert_eq!(running.cloudbase().keys(), before);
}

#[tokio::test]
async fn the_console_rotates_and_other_sites_do_not() {
    let sandbox = Sandbox::start().await;
    let rotate = || sandbox.request(Method::POST, "/cloudbase/rotate");
    let before = sandbox.running.cloudbase().keys();
    let foreign = Reply::of(rotate().header("origin", "http://evil.test")).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(sandbox.running.cloudbase().keys(), before);

    let reply = Reply::of(rotate()).await;
    assert_eq!(
        (reply.status, reply.header("location")),
        (303, "/cloudbase")
    );
    let after = sandbox.running.cloudbase().keys();
    assert_eq!((after.len(), &after[1].id), (2, &before[0].id));
}
