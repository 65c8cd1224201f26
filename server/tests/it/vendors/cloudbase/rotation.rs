//! Key rotation while the server runs.

use std::fs;

use sandbox::cloudbase::PemForm;

use super::{download, platform_user, ticket};
use crate::{
    harness::{DANA, PASSWORD, Process, TestApp, free_address},
    vendors::readable::ask,
};

fn key_id(ticket: &str) -> &str {
    ticket.split_once("/@@/").unwrap().0
}

#[tokio::test]
async fn a_new_key_signs_as_soon_as_its_file_is_there() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let before = ticket(&browser).await;
    app.sandbox.cloudbase().rotate().unwrap();
    let overlap = ticket(&browser).await;
    assert_eq!(key_id(&overlap), key_id(&before));
    platform_user(&app, &overlap).await;

    let file = app.folder.path().join("tcb_custom_login.json");
    let new = file.with_extension("new");
    download(&app.sandbox, &new, PemForm::Pkcs8);
    fs::rename(&new, &file).unwrap();
    let after = ticket(&browser).await;
    assert_ne!(key_id(&after), key_id(&before));
    platform_user(&app, &after).await;
}

#[tokio::test]
async fn half_a_file_changes_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let before = ticket(&browser).await;
    let file = app.folder.path().join("tcb_custom_login.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    let after = ticket(&browser).await;
    assert_eq!(key_id(&after), key_id(&before));
    platform_user(&app, &after).await;
}

#[tokio::test]
async fn a_key_that_is_none_stops_the_start_and_is_named() {
    let app = TestApp::start().await;
    let file = app.folder.path().join("wrong.json");
    fs::write(
        &file,
        r#"{"private_key_id":"k","private_key":"a secret text","env_id":"e"}"#,
    )
    .unwrap();
    let changes = [("CLOUDBASE_KEY_FILE", file.to_str().unwrap())];
    let process = Process::launch(free_address(), &app.sandbox, app.folder.path(), &changes);
    let (status, log) = process.ended().await;
    assert!(!status.success());
    assert!(
        log.contains("CLOUDBASE_KEY_FILE must be the path of a key file"),
        "{log}"
    );
    assert!(!log.contains("a secret text"), "{log}");
}

#[tokio::test]
async fn the_private_key_is_in_no_answer() {
    let app = TestApp::start().await;
    let file = app.folder.path().join("tcb_custom_login.json");
    let text = fs::read_to_string(file).unwrap();
    let line = text.split("\\n").nth(1).unwrap();
    let browser = app.anonymous();
    browser.sign_in(DANA, PASSWORD).await;
    for path in ["/api/cloudbase/ticket", "/account", "/api/viewer"] {
        assert!(!ask(&browser, path).await.body.contains(line), "{path}");
    }
}
