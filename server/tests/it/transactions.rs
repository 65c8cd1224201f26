//! How many transactions a sign-in takes. Each waits for the disk, while no other can be written.

use std::fs;

use crate::{
    harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, TestApp},
    oauth::sign_in_as,
};

/// The sizes of the header of a write-ahead log and of a frame, in bytes: <https://www.sqlite.org/fileformat2.html>.
const LOG_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// The number of transactions in the database's write-ahead log: the last frame of each says how large the database
/// then is.
fn committed(app: &TestApp) -> usize {
    let mut name = app.database_file().into_os_string();
    name.push("-wal");
    let log = fs::read(name).unwrap();
    let number = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let frame = FRAME_HEADER + number(8) as usize;
    let salts = log[16..24].to_vec();
    let frames = (LOG_HEADER..log.len() - frame).step_by(frame);
    frames
        .take_while(|at| log[at + 8..at + 16] == salts)
        .filter(|at| number(at + 4) > 0)
        .count()
}

async fn sign_in_for(browser: &Browser, email: &str, password: &str, chat_box: &str) -> u16 {
    let form = [("email", email), ("password", password)];
    let form = [form.as_slice(), &[("chatBoxId", chat_box)]].concat();
    browser.sign_in_by(&form).await.status
}

#[tokio::test]
async fn a_sign_in_by_password_takes_two() {
    let app = TestApp::start_on_file().await;
    for (case, chat_box, is_signed_in) in [
        ("in a page", None, false),
        ("in a popup", Some("cb_demo"), false),
        ("after another user", None, true),
        ("after another user, in a popup", Some("cb_demo"), true),
    ] {
        let browser = app.anonymous();
        if is_signed_in {
            browser.sign_in(RIVA, PASSWORD).await;
        }
        let before = committed(&app);
        let status = match chat_box {
            Some(id) => sign_in_for(&browser, DANA, PASSWORD, id).await,
            None => browser.sign_in(DANA, PASSWORD).await.status,
        };
        assert_eq!(status, 303, "{case}");
        assert!(browser.is_signed_in().await, "{case}");
        assert_eq!(committed(&app) - before, 2, "{case}");
    }
}

#[tokio::test]
async fn a_sign_in_that_replaces_a_hash_of_another_kind_takes_two() {
    let app = TestApp::start_on_file().await;
    let before = committed(&app);
    // By bcrypt 5.0.0, of "fourteen tame otters".
    app.execute(
        "UPDATE users SET password_hash = '$2b$05$ON0bKsEW.n2OLCaPnfOdwO4mvrYOKxXjpourYR9Ix7gTlqGYDXPUO'
         WHERE email_key = 'demo@latchkey.localhost'",
    )
    .await;
    let browser = app.signed_in_as(DANA, "fourteen tame otters").await;
    assert_eq!(committed(&app) - before, 1 + 2);
    assert!(browser.is_signed_in().await);
    let ours = "SELECT COUNT(*) FROM users WHERE password_hash LIKE '$argon2id$%' AND email_key = 'demo@latchkey.localhost'";
    assert_eq!(app.count(ours).await, 1);
    app.signed_in_as(DANA, "fourteen tame otters").await;
    assert_eq!(committed(&app) - before, 1 + 2 + 2);
}

#[tokio::test]
async fn a_failed_sign_in_takes_one() {
    let app = TestApp::start_on_file().await;
    for email in [DANA, "stranger@example.com"] {
        let before = committed(&app);
        let response = app.anonymous().sign_in(email, GOOD_PASSWORD).await;
        assert_eq!(response.status, 401);
        assert_eq!(committed(&app) - before, 1, "{email}");
    }
}

#[tokio::test]
async fn a_sign_in_through_a_provider_takes_four() {
    let app = TestApp::start_on_file().await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    let browser = app.anonymous();
    let before = committed(&app);
    sign_in_as(&app, &browser, "vera-verified").await;
    assert!(browser.is_signed_in().await);
    // It is counted before the provider is asked for anything; its flow begins and is taken; the session begins.
    assert_eq!(committed(&app) - before, 4);
}

#[tokio::test]
async fn reading_pages_takes_none() {
    let app = TestApp::start_on_file().await;
    let browser = app.signed_in().await;
    let before = committed(&app);
    for page in ["/account", "/login", "/api/viewer"] {
        assert!(browser.get(page).await.status < 400, "{page}");
    }
    assert_eq!(committed(&app) - before, 0);
}
