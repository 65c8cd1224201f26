//! No log, even at the most verbose level, and no response contains a secret.

use sandbox::Running;

use super::pages;
use crate::{
    harness::{Browser, DANA, GOOD_PASSWORD, Process, TestApp, token_in},
    vendors,
};

const NEW_PASSWORD: &str = "four green llamas by the sea";
const WRONG_PASSWORD: &str = "six yellow boats in a storm";
const EMAIL: &str = "canary@example.test";

/// Waits until the canary has more than `already` mails, and returns the token in the newest.
async fn token(sandbox: &Running, already: usize) -> String {
    for _ in 0..2000 {
        let messages = sandbox.mailbox().messages_for(EMAIL);
        if messages.len() > already {
            return token_in(&messages[0].text);
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no mail");
}

/// Uses everything that takes or returns a secret. Returns all secrets.
async fn use_secrets(sandbox: &Running, browser: &Browser) -> Vec<String> {
    let mut secrets: Vec<String> = [GOOD_PASSWORD, NEW_PASSWORD, WRONG_PASSWORD]
        .into_iter()
        .chain(vendors::secrets())
        .map(str::to_owned)
        .collect();
    browser.register(EMAIL, "Canary", GOOD_PASSWORD).await;
    let confirm = token(sandbox, 0).await;
    browser.get(&format!("/verify-email?token={confirm}")).await;
    browser.post("/verify-email", &[("token", &confirm)]).await;
    browser.sign_in(EMAIL, WRONG_PASSWORD).await;
    browser.post("/forgot-password", &[("email", EMAIL)]).await;
    let reset = token(sandbox, 1).await;
    browser.get(&format!("/reset-password?token={reset}")).await;
    let form = [("token", reset.as_str()), ("new_password", NEW_PASSWORD)];
    assert_eq!(browser.post("/reset-password", &form).await.status, 303);
    assert_eq!(browser.sign_in(EMAIL, NEW_PASSWORD).await.status, 303);
    let change = [
        ("current_password", WRONG_PASSWORD),
        ("new_password", GOOD_PASSWORD),
    ];
    browser.post("/account/password", &change).await;
    for response in vendors::credentials(browser).await {
        let texts = response.body.split('"').filter(|text| text.len() > 100);
        secrets.extend(texts.map(str::to_owned));
    }
    secrets.push(browser.cookie("latchkey").unwrap());
    browser.post("/logout", &[]).await;
    secrets.extend([confirm, reset]);
    secrets
}

/// The secret as it is, and as forms and URLs encode it.
fn spellings(secret: &str) -> [String; 3] {
    let plus = secret.replace(' ', "+");
    [secret.to_owned(), plus, secret.replace(' ', "%20")]
}

#[tokio::test]
async fn no_secret_is_in_the_log_even_if_everything_is_logged() {
    let sandbox = sandbox::start(sandbox::Config::ephemeral()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(&sandbox, folder.path(), &[("RUST_LOG", "trace")]).await;
    let secrets = use_secrets(&sandbox, &process.anonymous()).await;
    let log = process.killed();
    assert!(
        log.contains("TRACE") && log.contains("/reset-password"),
        "{log}"
    );
    for secret in secrets {
        for spelling in spellings(&secret) {
            let line = log.lines().find(|line| line.contains(&spelling));
            assert_eq!(line, None, "{spelling} is in the log");
        }
    }
    assert!(!log.contains("$argon2id$"), "a hash is in the log");
}

#[tokio::test]
async fn no_page_shows_a_secret_of_the_server() {
    let app = TestApp::start().await;
    for (what, page) in pages::all(&app).await {
        for secret in vendors::secrets() {
            assert!(!format!("{page:?}").contains(secret), "{what}");
        }
        assert!(!page.body.contains("$argon2id$"), "{what}");
    }
    let wrong = app.anonymous().sign_in(DANA, WRONG_PASSWORD).await;
    assert!(
        !wrong.body.contains(WRONG_PASSWORD),
        "a password comes back"
    );
}
