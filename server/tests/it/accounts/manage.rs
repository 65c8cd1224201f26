//! `latchkey user`: what operators do with accounts.

use std::process::{Command, Output};

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, RIVA, TestApp, output, settings, token_in};

const ADA: &str = "ada@example.test";

/// Runs `latchkey user` on the deployment's database.
async fn user(app: &TestApp, arguments: &[&str]) -> Output {
    let settings = settings(app.addr, &app.sandbox, app.folder.path(), &[]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_latchkey"));
    command.env_clear().envs(settings);
    command.arg("user").args(arguments);
    output(command).await
}

/// What the command prints if it succeeds.
async fn printed(app: &TestApp, arguments: &[&str]) -> String {
    let output = user(app, arguments).await;
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// What the command says if it fails.
async fn refusal(app: &TestApp, arguments: &[&str]) -> String {
    let output = user(app, arguments).await;
    assert!(!output.status.success(), "{arguments:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test]
async fn users_are_listed_page_by_page() {
    let app = TestApp::start().await;
    let all = printed(&app, &["list"]).await;
    let addresses: Vec<&str> = all
        .lines()
        .map(|line| line.split("  ").nth(1).unwrap())
        .collect();
    assert_eq!(addresses, [DANA, RIVA]);
    assert!(
        printed(&app, &["list", "--limit", "1"])
            .await
            .contains(DANA)
    );
    let rest = printed(&app, &["list", "--after", DANA]).await;
    assert!(rest.contains(RIVA) && !rest.contains(DANA), "{rest}");
}

#[tokio::test]
async fn an_account_is_shown_by_address_and_by_id() {
    let app = TestApp::start().await;
    app.signed_in().await;
    let details = printed(&app, &["show", &DANA.to_uppercase()]).await;
    assert!(details.contains("Sessions  1"), "{details}");
    assert!(details.contains("Password  yes"), "{details}");
    let id = details
        .lines()
        .next()
        .unwrap()
        .trim_start_matches("ID")
        .trim();
    assert_eq!(printed(&app, &["show", id]).await, details);
}

#[tokio::test]
async fn a_disabled_user_is_signed_out_and_cannot_come_back_until_enabled() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let link = printed(&app, &["reset-link", DANA]).await;
    printed(&app, &["disable", DANA]).await;
    assert!(!dana.is_signed_in().await);
    assert!(riva.is_signed_in().await);
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 401);
    let page = format!("/reset-password?token={}", token_in(&link));
    assert_eq!(app.anonymous().get(&page).await.status, 410);
    assert!(printed(&app, &["list"]).await.contains("disabled"));
    assert!(
        refusal(&app, &["reset-link", DANA])
            .await
            .contains("is disabled")
    );

    printed(&app, &["enable", DANA]).await;
    assert!(!dana.is_signed_in().await);
    app.signed_in().await;
    assert!(!printed(&app, &["list"]).await.contains("disabled"));
}

#[tokio::test]
async fn signing_a_user_out_ends_every_session() {
    let app = TestApp::start().await;
    let browsers = [app.signed_in().await, app.signed_in().await];
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    printed(&app, &["sign-out", DANA]).await;
    for browser in browsers {
        assert!(!browser.is_signed_in().await);
    }
    assert!(riva.is_signed_in().await);
}

#[tokio::test]
async fn a_user_who_is_added_chooses_a_password_by_the_printed_link() {
    let app = TestApp::start().await;
    let link = printed(&app, &["add", ADA, "--name", "Ada"]).await;
    assert!(link.starts_with(&app.login_origin()), "{link}");
    let form = [
        ("token", token_in(&link)),
        ("new_password", GOOD_PASSWORD.to_owned()),
    ];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let browser = app.anonymous();
    assert_eq!(browser.post("/reset-password", &form).await.status, 303);
    app.signed_in_as(ADA, GOOD_PASSWORD).await;
    assert!(
        refusal(&app, &["add", ADA, "--name", "Ada"])
            .await
            .contains("has an account already")
    );
}

#[tokio::test]
async fn what_names_no_user_is_told() {
    let app = TestApp::start().await;
    for command in ["show", "disable", "enable", "sign-out", "reset-link"] {
        for name in [ADA, "0", ""] {
            let error = refusal(&app, &[command, name]).await;
            assert!(
                error.contains("there is no user"),
                "{command} {name}: {error}"
            );
        }
    }
    assert!(
        refusal(&app, &["add", "ada", "--name", "Ada"])
            .await
            .contains("not an email address")
    );
    assert!(
        refusal(&app, &["add", ADA, "--name", " "])
            .await
            .contains("the name must be")
    );
    assert!(
        refusal(&app, &["list", "--after", "x"])
            .await
            .contains("not an email address")
    );
}
