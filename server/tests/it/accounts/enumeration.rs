//! ENU: nothing tells a stranger who has an account.

use std::net::{IpAddr, Ipv4Addr};

use server::{
    accounts::{Accounts, Hasher, Hindrance, RegisterError, Registration, SignInError},
    config::PasswordConfig,
};

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, RIVA, TestApp};

/// As long as Dana's address, so that nothing differs but the account.
const NOBODY: &str = "none@latchkey.localhost";
const PENDING: &str = "wait@latchkey.localhost";
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

const NO_LIMITS: [(&str, &str); 2] = [
    ("LATCHKEY_LIMIT_FORM_BURST", "100"),
    ("LATCHKEY_LIMIT_CLIENT_BURST", "100"),
];

/// Dana is known, Riva has whatever `state` says, and one registration waits.
async fn app_with(state: &'static str) -> TestApp {
    let app = TestApp::start_with(&NO_LIMITS).await;
    app.registration_token(PENDING, GOOD_PASSWORD).await;
    app.execute(state).await;
    app
}

async fn app_with_disabled_riva() -> TestApp {
    app_with("UPDATE users SET disabled_at = 1 WHERE email = 'rival@latchkey.localhost'").await
}

async fn app_with_passwordless_riva() -> TestApp {
    app_with("UPDATE users SET password_hash = NULL WHERE email = 'rival@latchkey.localhost'").await
}

#[tokio::test]
async fn enu_01_a_refused_sign_in_looks_the_same_for_every_kind_of_address() {
    for app in [
        app_with_disabled_riva().await,
        app_with_passwordless_riva().await,
    ] {
        let browser = app.anonymous();
        let unknown = browser.sign_in(NOBODY, "not the password").await;
        assert_eq!(unknown.status, 401);
        for email in [DANA, PENDING] {
            let answer = browser.sign_in(email, "not the password").await;
            assert_eq!(answer.essence(email), unknown.essence(NOBODY));
        }
        // The page repeats the address, and Riva's is longer.
        let nobody = "nobody@latchkey.localhost";
        let riva = browser.sign_in(RIVA, PASSWORD).await;
        let unknown = browser.sign_in(&nobody[1..], PASSWORD).await;
        assert_eq!(riva.essence(RIVA), unknown.essence(&nobody[1..]));
    }
}

/// Accounts whose hashing turns everybody away at once: what comes back as overloaded would have been hashed.
fn without_hashing(app: &TestApp) -> Accounts {
    let accounts = app.state.accounts.clone();
    let nobody_works = PasswordConfig {
        threads: 0,
        ..(*accounts.passwords).clone()
    };
    Accounts {
        hasher: Hasher::start(&nobody_works).unwrap(),
        ..accounts
    }
}

#[tokio::test]
async fn enu_01_and_02_every_sign_in_is_hashed_and_a_full_queue_says_so_to_all_alike() {
    for app in [
        app_with_disabled_riva().await,
        app_with_passwordless_riva().await,
    ] {
        let accounts = without_hashing(&app);
        for email in [DANA, RIVA, NOBODY, PENDING] {
            let refused = accounts.sign_in(email, PASSWORD, CLIENT).await;
            assert!(
                matches!(
                    refused,
                    Err(SignInError::Hindrance(Hindrance::Overloaded(_)))
                ),
                "{email}: {refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn enu_02_being_turned_away_is_not_counted_as_a_failure() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_ACCOUNT_BURST", "2")]).await;
    let accounts = without_hashing(&app);
    for _ in 0..4 {
        let refused = accounts.sign_in(DANA, PASSWORD, CLIENT).await;
        assert!(matches!(
            refused,
            Err(SignInError::Hindrance(Hindrance::Overloaded(_)))
        ));
    }
    app.signed_in().await;
}

#[tokio::test]
async fn enu_03_unknown_addresses_are_limited_like_known_ones() {
    let app = app_with_passwordless_riva().await;
    let browser = app.anonymous();
    let mut statuses = Vec::new();
    for email in [DANA, RIVA, NOBODY, PENDING] {
        let mut tries = Vec::new();
        for _ in 0..12 {
            tries.push(browser.sign_in(email, "not the password").await.status);
        }
        statuses.push(tries);
    }
    assert_eq!(statuses[0], [[401; 10].as_slice(), &[429; 2]].concat());
    assert!(
        statuses.iter().all(|tries| *tries == statuses[0]),
        "{statuses:?}"
    );
}

#[tokio::test]
async fn enu_04_a_forgotten_password_is_answered_alike_and_mailed_to_owners_only() {
    let app = app_with_disabled_riva().await;
    let browser = app.anonymous();
    let forgot = async |email| browser.post("/forgot-password", &[("email", email)]).await;
    let dana = forgot(DANA).await;
    assert_eq!(dana.status, 200);
    for email in [NOBODY, PENDING] {
        assert_eq!(forgot(email).await.essence(email), dana.essence(DANA));
    }
    assert_eq!(forgot(RIVA).await.status, 200);
    for (email, mails) in [(DANA, 1), (NOBODY, 0), (PENDING, 1), (RIVA, 0)] {
        assert_eq!(app.mails_to(email).await, mails, "{email}");
    }
}

#[tokio::test]
async fn enu_05_a_registration_is_hashed_and_answered_alike_for_known_addresses() {
    let app = app_with_disabled_riva().await;
    let accounts = without_hashing(&app);
    let browser = app.anonymous();
    let unknown = browser.register(NOBODY, "Ada", GOOD_PASSWORD).await;
    assert_eq!(unknown.status, 200);
    for email in [DANA, PENDING] {
        let answer = browser.register(email, "Ada", GOOD_PASSWORD).await;
        assert_eq!(answer.essence(email), unknown.essence(NOBODY));
    }
    for email in [DANA, RIVA, NOBODY, PENDING] {
        let form = Registration {
            email,
            display_name: "Ada",
            password: GOOD_PASSWORD,
            attempt: "",
        };
        let refused = accounts.register(form, CLIENT).await;
        assert!(
            matches!(
                refused,
                Err(RegisterError::Hindrance(Hindrance::Overloaded(_)))
            ),
            "{email}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn enu_05_an_address_beyond_its_mail_limit_is_still_hashed_and_answered_alike() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_MAIL_BURST", "1")]).await;
    let browser = app.anonymous();
    let first = browser.register(NOBODY, "Ada", GOOD_PASSWORD).await;
    let second = browser.register(NOBODY, "Ada", GOOD_PASSWORD).await;
    assert_eq!(first.essence(NOBODY), second.essence(NOBODY));
    assert_eq!(app.mails_to(NOBODY).await, 1);
    let form = Registration {
        email: NOBODY,
        display_name: "Ada",
        password: GOOD_PASSWORD,
        attempt: "",
    };
    let refused = without_hashing(&app).register(form, CLIENT).await;
    assert!(matches!(
        refused,
        Err(RegisterError::Hindrance(Hindrance::Overloaded(_)))
    ));
}

#[tokio::test]
async fn enu_08_user_ids_are_random() {
    let app = TestApp::start().await;
    let legal =
        "SELECT COUNT(DISTINCT id) FROM users WHERE length(id) = 32 AND id NOT GLOB '*[^0-9a-f]*'";
    assert_eq!(app.count(legal).await, 2);
}
