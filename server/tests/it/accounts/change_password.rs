//! Changing the password while signed in.

use std::net::{IpAddr, Ipv4Addr};

use server::accounts::{ChangePasswordError, ServiceError, user_by_email_key};

use crate::harness::{Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Response, TestApp};

async fn change(browser: &Browser, current: &str, new: &str) -> Response {
    let form = [("current_password", current), ("new_password", new)];
    browser.post("/account/password", &form).await
}

#[tokio::test]
async fn without_the_current_password_nothing_changes() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for (current, new, reason) in [
        ("", GOOD_PASSWORD, "Fill in this field"),
        (
            "not the password",
            GOOD_PASSWORD,
            "Incorrect current password",
        ),
        (PASSWORD, "too short", "Use at least 15 characters"),
        (PASSWORD, DANA, "too similar to your name"),
    ] {
        let response = change(&dana, current, new).await;
        assert_eq!(response.status, 422, "{current:?} to {new:?}");
        assert!(response.body.contains(reason), "{reason}");
        assert!(response.set_cookies().is_empty());
    }
    let stranger = change(&app.anonymous(), PASSWORD, GOOD_PASSWORD).await;
    assert_eq!((stranger.status, stranger.location()), (303, "/login"));
    assert_eq!(app.mails_to(DANA).await, 0);
    app.signed_in().await;
}

#[tokio::test]
async fn a_stolen_session_is_no_way_to_guess_the_password() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "3")]).await;
    let dana = app.signed_in().await;
    for _ in 0..3 {
        let wrong = change(&dana, "not the password", GOOD_PASSWORD).await;
        assert_eq!(wrong.status, 422);
    }
    let limited = change(&dana, PASSWORD, GOOD_PASSWORD).await;
    assert_eq!(limited.status, 429);
    assert!(limited.header("retry-after").parse::<u64>().is_ok());
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 429);
}

#[tokio::test]
async fn a_change_ends_all_other_sessions_and_links_and_tells_the_owner() {
    let app = TestApp::start().await;
    let (here, elsewhere) = (app.signed_in().await, app.signed_in().await);
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let token = app.reset_token(DANA).await;
    let before = here.session();

    let response = change(&here, PASSWORD, GOOD_PASSWORD).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/account?notice=password-changed")
    );
    assert!(here.is_signed_in().await);
    assert_ne!(here.session(), before);
    let old_id = app.anonymous();
    old_id.set_cookie("latchkey", &before);
    assert!(!old_id.is_signed_in().await);
    assert!(!elsewhere.is_signed_in().await);
    assert!(riva.is_signed_in().await);

    let form = [
        ("token", token.as_str()),
        ("new_password", "nine green herons by noon"),
    ];
    let link = app.anonymous().post("/reset-password", &form).await;
    assert_eq!(link.status, 410);
    assert_eq!(app.mails_to(DANA).await, 2);
    assert_eq!(app.anonymous().sign_in(DANA, PASSWORD).await.status, 401);
    app.signed_in_as(DANA, GOOD_PASSWORD).await;
}

#[tokio::test]
async fn of_two_parallel_changes_one_wins() {
    let app = TestApp::start().await;
    let (one, other) = (app.signed_in().await, app.signed_in().await);
    let (first, second) = tokio::join!(
        change(&one, PASSWORD, GOOD_PASSWORD),
        change(&other, PASSWORD, "nine green herons by noon")
    );
    // The loser finds that the password has changed, or that its session has ended.
    const DONE: &str = "/account?notice=password-changed";
    let winner = match (first.location(), second.location()) {
        (DONE, "" | "/login") => GOOD_PASSWORD,
        ("" | "/login", DONE) => "nine green herons by noon",
        locations => panic!("{locations:?}"),
    };
    app.signed_in_as(DANA, winner).await;
    assert_ne!(one.is_signed_in().await, other.is_signed_in().await);
}

#[tokio::test]
async fn being_turned_away_by_a_full_queue_is_not_counted_as_a_failure() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "2")]).await;
    let mut tx = app.state.database.write().await.unwrap();
    let dana = user_by_email_key(&mut tx, DANA).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    let accounts = app.accounts_without_hashing();
    let client = IpAddr::V4(Ipv4Addr::LOCALHOST);
    for _ in 0..4 {
        let refused = accounts
            .change_password(&dana, &PASSWORD.into(), &GOOD_PASSWORD.into(), "", client)
            .await;
        assert!(
            matches!(
                refused,
                Err(ChangePasswordError::Service(ServiceError::Overloaded(_)))
            ),
            "{refused:?}"
        );
    }
    app.signed_in().await;
}

#[tokio::test]
async fn password_managers_find_the_page_and_whose_password_it_changes() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let found = browser.get("/.well-known/change-password").await;
    assert_eq!((found.status, found.location()), (303, "/account"));
    let username = format!("autocomplete=\"username\" value=\"{DANA}\"");
    let account = browser.get("/account").await;
    let token = app.reset_token(DANA).await;
    let reset = browser.get(&format!("/reset-password?token={token}")).await;
    let short = [("token", token.as_str()), ("new_password", "short")];
    let again = browser.post("/reset-password", &short).await;
    for (page, status) in [(account, 200), (reset, 200), (again, 422)] {
        assert_eq!(page.status, status);
        assert!(page.body.contains(&username), "{}", page.body);
    }
    let unknown = "/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200";
    assert_eq!(browser.get(unknown).await.status, 404);
}
