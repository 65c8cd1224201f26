//! No response reveals whether an address has an account.

use std::net::{IpAddr, Ipv4Addr};

use server::{
    accounts::{Accounts, DecoyWorker, RegisterError, Registration, ServiceError, SignInError},
    database::query,
    workers::Worker,
};

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, TestApp};

// Addresses of equal length that no page shows on its own, so that only the accounts differ.
const KNOWN: &str = "known@example.test";
const DISABLED: &str = "block@example.test";
const PASSWORDLESS: &str = "oauth@example.test";
const PENDING: &str = "waits@example.test";
const UNKNOWN: &str = "nobod@example.test";
const ALL: [&str; 5] = [KNOWN, DISABLED, PASSWORDLESS, PENDING, UNKNOWN];

const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

async fn app_with_all_kinds() -> TestApp {
    let no_limits = [
        ("LATCHKEY_LIMIT_FORM_BURST", "100"),
        ("LATCHKEY_LIMIT_CLIENT_BURST", "100"),
    ];
    let app = TestApp::start_with(&no_limits).await;
    for email in [KNOWN, DISABLED, PASSWORDLESS] {
        app.register(email, GOOD_PASSWORD).await;
    }
    app.registration_token(PENDING, GOOD_PASSWORD).await;
    app.execute("UPDATE users SET disabled_at = 1 WHERE email LIKE 'block@%'")
        .await;
    app.execute("UPDATE users SET password_hash = NULL WHERE email LIKE 'oauth@%'")
        .await;
    app
}

#[tokio::test]
async fn a_refused_sign_in_looks_the_same_for_every_kind_of_address() {
    let app = app_with_all_kinds().await;
    let browser = app.anonymous();
    let unknown = browser.sign_in(UNKNOWN, "not the password").await;
    assert_eq!(unknown.status, 401);
    for email in ALL {
        let response = browser.sign_in(email, "not the password").await;
        assert_eq!(response.essence(email), unknown.essence(UNKNOWN));
    }
    for email in [DISABLED, PASSWORDLESS] {
        let response = browser.sign_in(email, GOOD_PASSWORD).await;
        assert_eq!(response.essence(email), unknown.essence(UNKNOWN));
    }
}

#[tokio::test]
async fn anyone_who_registers_an_address_does_not_learn_whether_it_has_an_account() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let addresses = ["owned@example.test", "other@example.test"];
    let password = "nine quiet lanterns in may";
    app.register(addresses[0], password).await;
    for (email, mails) in addresses.into_iter().zip([2, 1]) {
        browser.register(email, "Eve", GOOD_PASSWORD).await;
        assert_eq!(app.mails_to(email).await, mails);
    }
    for _ in 0..2 {
        let mut responses = Vec::new();
        for email in addresses {
            let response = browser.sign_in(email, GOOD_PASSWORD).await;
            responses.push(response.essence(email));
        }
        assert_eq!(responses[0], responses[1]);
    }
    app.signed_in_as(addresses[0], password).await;
}

#[tokio::test]
async fn every_sign_in_is_hashed_and_a_full_queue_says_so_to_all_alike() {
    let app = app_with_all_kinds().await;
    let accounts = app.accounts_without_hashing();
    for email in ALL {
        let refused = accounts.sign_in(email, &GOOD_PASSWORD.into(), CLIENT).await;
        assert!(
            matches!(
                refused,
                Err(SignInError::Service(ServiceError::Overloaded(_)))
            ),
            "{email}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn being_turned_away_is_not_counted_as_a_failure() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "2")]).await;
    let accounts = app.accounts_without_hashing();
    for _ in 0..4 {
        let refused = accounts.sign_in(DANA, &PASSWORD.into(), CLIENT).await;
        assert!(matches!(
            refused,
            Err(SignInError::Service(ServiceError::Overloaded(_)))
        ));
    }
    app.signed_in().await;
}

#[tokio::test]
async fn every_kind_of_address_is_limited_alike() {
    let app = app_with_all_kinds().await;
    let browser = app.anonymous();
    for email in ALL {
        let mut statuses = Vec::new();
        for _ in 0..12 {
            statuses.push(browser.sign_in(email, "not the password").await.status);
        }
        assert_eq!(
            statuses,
            [[401; 10].as_slice(), &[429; 2]].concat(),
            "{email}"
        );
    }
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_and_mailed_to_owners_only() {
    let app = app_with_all_kinds().await;
    let browser = app.anonymous();
    app.sandbox.mailbox().clear();
    let forgot = async |email| {
        let response = browser.post("/forgot-password", &[("email", email)]).await;
        assert_eq!(response.status, 200);
        response.essence(email)
    };
    let unknown = forgot(UNKNOWN).await;
    for email in [KNOWN, DISABLED, PASSWORDLESS, PENDING] {
        assert_eq!(forgot(email).await, unknown);
    }
    let mails = [
        (KNOWN, 1),
        (PASSWORDLESS, 1),
        (DISABLED, 0),
        (PENDING, 0),
        (UNKNOWN, 0),
    ];
    for (email, expected) in mails {
        assert_eq!(app.mails_to(email).await, expected, "{email}");
    }
}

#[tokio::test]
async fn a_registration_is_hashed_and_answered_alike_for_every_kind_of_address() {
    let app = app_with_all_kinds().await;
    let accounts = app.accounts_without_hashing();
    let browser = app.anonymous();
    let unknown = browser.register(UNKNOWN, "Ada", GOOD_PASSWORD).await;
    assert_eq!(unknown.status, 200);
    for email in ALL {
        let response = browser.register(email, "Ada", GOOD_PASSWORD).await;
        assert_eq!(response.essence(email), unknown.essence(UNKNOWN));
        assert_is_hashed(&accounts, email).await;
    }
}

async fn assert_is_hashed(without_hashing: &Accounts, email: &str) {
    let form = Registration {
        email,
        display_name: "Ada",
        password: &GOOD_PASSWORD.into(),
        attempt: "",
    };
    let refused = without_hashing.register(form, CLIENT).await;
    assert!(
        matches!(
            refused,
            Err(RegisterError::Service(ServiceError::Overloaded(_)))
        ),
        "{email}: {refused:?}"
    );
}

#[tokio::test]
async fn an_address_beyond_its_mail_limit_is_still_hashed_and_answered_alike() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_MAIL_BURST", "1")]).await;
    let browser = app.anonymous();
    let first = browser.register(UNKNOWN, "Ada", GOOD_PASSWORD).await;
    let second = browser.register(UNKNOWN, "Ada", GOOD_PASSWORD).await;
    assert_eq!(first.essence(UNKNOWN), second.essence(UNKNOWN));
    assert_eq!(app.mails_to(UNKNOWN).await, 1);
    assert_is_hashed(&app.accounts_without_hashing(), UNKNOWN).await;
}

#[tokio::test]
async fn user_ids_are_random() {
    let app = TestApp::start().await;
    let ids: Vec<String> = query("SELECT DISTINCT id FROM users")
        .fetch_all(app.state.database.read())
        .await
        .unwrap();
    assert_eq!(ids.len(), 2);
    for id in ids {
        assert_eq!(id.len(), 32);
        assert!(
            id.bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        );
    }
}

#[tokio::test]
async fn all_servers_choose_decoys_by_one_key_that_lasts() {
    let app = TestApp::start().await;
    let worker = || DecoyWorker::new(app.state.accounts.clone());
    let key = || app.count("SELECT COUNT(*) FROM shared_keys WHERE name = 'decoys'");
    assert_eq!(key().await, 0);
    let (one, other) = (worker(), worker());
    let (first, second) = tokio::join!(one.work(), other.work());
    assert!(!first.unwrap() && !second.unwrap());
    assert_eq!(key().await, 1);
    let before: String = query("SELECT value FROM shared_keys WHERE name = 'decoys'")
        .fetch_one(app.state.database.read())
        .await
        .unwrap();
    worker().work().await.unwrap();
    let after: String = query("SELECT value FROM shared_keys WHERE name = 'decoys'")
        .fetch_one(app.state.database.read())
        .await
        .unwrap();
    assert_eq!(before, after);
}

#[tokio::test]
async fn no_password_lets_anyone_in_by_a_decoy() {
    let app = TestApp::start().await;
    // Of "fourteen tame otters", by bcrypt 5.0.0; so that every decoy is this hash.
    app.execute("UPDATE users SET password_hash = '$2b$05$ON0bKsEW.n2OLCaPnfOdwO4mvrYOKxXjpourYR9Ix7gTlqGYDXPUO'")
        .await;
    DecoyWorker::new(app.state.accounts.clone())
        .work()
        .await
        .unwrap();
    for number in 0..5 {
        let email = format!("stranger{number}@example.test");
        let response = app
            .anonymous()
            .sign_in(&email, "fourteen tame otters")
            .await;
        assert_eq!(response.status, 401);
    }
}
