//! A database from an older version opens, with all its data.
//!
//! The top of the fixture says how it was made.

use server::{clock::Timestamp, database::query, vendors::Vendors};

use crate::{
    harness::{DANA, GOOD_PASSWORD, PASSWORD, TestApp},
    oauth::{identities, sign_in_as, users},
};

const DUMP: &str = include_str!("../fixtures/database_09769f4.sql");
const MARA: &str = "mara@people.example";

/// The cookie of the session that was open when the old server stopped.
const SESSION: &str = "6Otbyc0ZBB_hQ4CrjL20dw";

/// A minute after the old server stopped.
const LATER: Timestamp = Timestamp(1_796_018_270_183 + 60 * 1000);

/// The hashing cost of the demo, which sets none.
const DEMO_HASHING: [(&str, &str); 2] = [
    ("LATCHKEY_ARGON2_MEMORY_KIB", ""),
    ("LATCHKEY_ARGON2_PASSES", ""),
];

async fn started() -> TestApp {
    TestApp::start_on(DUMP, LATER, &DEMO_HASHING).await
}

#[tokio::test]
async fn users_sign_in_with_the_passwords_they_had() {
    let app = started().await;
    assert_eq!(users(&app).await, 3);
    let mara = app.signed_in_as(MARA, GOOD_PASSWORD).await;
    assert!(mara.get("/account").await.body.contains("Mara Muster"));
    assert!(app.signed_in_as(DANA, PASSWORD).await.is_signed_in().await);
    let wrong = app.anonymous().sign_in(MARA, PASSWORD).await;
    assert_ne!(wrong.status, 303);
}

#[tokio::test]
async fn an_open_session_stays_open_with_what_was_agreed_in_it() {
    let app = started().await;
    let mara = app.anonymous();
    mara.set_cookie("latchkey", SESSION);
    assert!(mara.get("/account").await.body.contains("Mara Muster"));
    if Vendors::handoff().is_some() {
        let handoff = mara.get("/handoff?chatBoxId=cb_demo").await;
        assert_eq!(handoff.status, 200, "{}", handoff.location());
    }

    assert_eq!(mara.post("/logout", &[]).await.status, 303);
    mara.set_cookie("latchkey", SESSION);
    assert!(!mara.is_signed_in().await);
}

#[tokio::test]
async fn a_linked_account_still_signs_its_user_in() {
    let app = started().await;
    assert_eq!(identities(&app).await, 1);
    // The test's provider listens on another port than the demo's.
    let mut tx = app.state.database.write().await.unwrap();
    query("UPDATE identities SET issuer = $1")
        .bind(app.sandbox.sso().issuer())
        .execute(&mut tx)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let browser = app.anonymous();
    sign_in_as(&app, &browser, "vera-verified").await;
    let account = browser.get("/account").await.body;
    assert!(account.contains("Mara Muster") && account.contains("vera@people.example"));
    assert_eq!(users(&app).await, 3);
}

#[tokio::test]
async fn chat_boxes_keep_their_names_and_origins() {
    let app = started().await;
    let mara = app.signed_in_as(MARA, GOOD_PASSWORD).await;
    let agreed = mara.post("/continue", &[("chatBoxId", "cb_help")]).await;
    assert_eq!(agreed.location(), "/handoff?chatBoxId=cb_help");
    if Vendors::handoff().is_some() {
        let page = mara.get("/handoff?chatBoxId=cb_help").await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains("https://help.example.com"));
    }
    assert_ne!(mara.get("/handoff?chatBoxId=cb_none").await.status, 200);
}
