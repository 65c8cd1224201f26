//! SES-13, TOK-14, SEC-01: what users trust us with is neither stored nor logged as it came.

use std::{
    fs, io,
    sync::{Arc, Mutex},
};

use tracing::{Dispatch, Level, subscriber::NoSubscriber};

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, TestApp};

const ADA: &str = "ada@example.test";
const NEW_PASSWORD: &str = "nine green herons by noon";

/// Registers, signs in, changes and resets passwords; returns every secret that was on the way.
async fn live(app: &TestApp) -> Vec<String> {
    let verify_token = app.registration_token(ADA, GOOD_PASSWORD).await;
    let unused_token = app
        .registration_token("bea@example.test", GOOD_PASSWORD)
        .await;
    let browser = app.anonymous();
    browser
        .post("/verify-email", &[("token", &verify_token)])
        .await;
    browser.sign_in(ADA, "not the right password").await;
    let first = app.signed_in_as(ADA, GOOD_PASSWORD).await;
    let form = [
        ("current_password", GOOD_PASSWORD),
        ("new_password", NEW_PASSWORD),
    ];
    let before = first.session();
    assert_eq!(first.post("/account/password", &form).await.status, 303);
    let reset_token = app.reset_token(DANA).await;
    let form = [
        ("token", reset_token.as_str()),
        ("new_password", NEW_PASSWORD),
    ];
    assert_eq!(browser.post("/reset-password", &form).await.status, 303);
    let second = app.signed_in_as(DANA, NEW_PASSWORD).await;
    let waiting_token = app.reset_token(DANA).await;
    let mut secrets = vec![
        verify_token,
        unused_token,
        reset_token,
        waiting_token,
        before,
        first.session(),
        second.session(),
        "not the right password".to_owned(),
    ];
    for password in [PASSWORD, GOOD_PASSWORD, NEW_PASSWORD] {
        secrets.extend([password.to_owned(), password.replace(' ', "+")]);
    }
    secrets
}

fn assert_none_in(text: &[u8], secrets: &[String]) {
    for secret in secrets {
        let found = text
            .windows(secret.len())
            .position(|part| part == secret.as_bytes());
        if let Some(at) = found {
            let around = &text[at.saturating_sub(200)..(at + 200).min(text.len())];
            panic!("{secret} in {}", String::from_utf8_lossy(around));
        }
    }
}

#[tokio::test]
async fn ses_13_and_tok_14_the_database_files_hold_no_secret() {
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let mut bytes = Vec::new();
    for name in ["test.db", "test.db-wal"] {
        bytes.extend(fs::read(app.folder.path().join(name)).unwrap());
    }
    assert!(bytes.windows(ADA.len()).any(|part| part == ADA.as_bytes()));
    assert_none_in(&bytes, &secrets);
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn sec_01_the_most_talkative_log_holds_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // With one subscriber in the process, threads that have none would switch events off for all.
    let _second = Dispatch::new(NoSubscriber::default());
    // Server and clients run on this thread alone.
    let _guard = tracing::subscriber::set_default(subscriber);
    let app = TestApp::start().await;
    let secrets = live(&app).await;
    let text = log.0.lock().unwrap().clone();
    let lines = String::from_utf8_lossy(&text);
    for path in ["/login", "/register", "/reset-password"] {
        assert!(lines.contains(path), "nothing about {path}");
    }
    assert_none_in(&text, &secrets);
}
