//! Who may see the administrators' pages.

use crate::harness::{DANA, PASSWORD, RIVA, TestApp};

const PAGES: [&str; 3] = [
    "/admin/visitors",
    "/admin/visitors?visitor=1",
    "/admin/visitors?account=demo@latchkey.localhost",
];

#[tokio::test]
async fn strangers_sign_in_first_and_users_find_nothing() {
    let app = TestApp::start_with(&[("LATCHKEY_ADMINS", "Demo@Latchkey.localhost")]).await;
    let dana = app.signed_in_as(DANA, PASSWORD).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    for path in PAGES {
        let stranger = app.anonymous().get(path).await;
        let to_login = "/login?next=%2Fadmin%2Fvisitors";
        assert_eq!((stranger.status, stranger.location()), (303, to_login));
        let user = riva.get(path).await;
        let nothing = riva.get("/nothing").await;
        assert_eq!(
            (user.status, user.essence(RIVA)),
            (404, nothing.essence(RIVA))
        );
        let admin = dana.get(path).await;
        assert_eq!(
            (admin.status, admin.header("cache-control")),
            (200, "no-store, no-transform")
        );
    }
    assert!(dana.get("/account").await.body.contains("/admin/visitors"));
    assert!(!riva.get("/account").await.body.contains("/admin/visitors"));
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_makes_no_one_an_administrator() {
    let app = TestApp::start_with(&[("LATCHKEY_ADMINS", DANA)]).await;
    let dana = app.signed_in().await;
    app.execute("UPDATE users SET email_verified_at = NULL")
        .await;
    assert_eq!(dana.get(PAGES[0]).await.status, 404);
}

#[tokio::test]
async fn there_is_no_administrator_by_default() {
    let app = TestApp::start().await;
    assert_eq!(app.signed_in().await.get(PAGES[0]).await.status, 404);
}

#[tokio::test]
async fn an_account_is_found_by_its_address_or_its_id() {
    let app = TestApp::start_with(&[("LATCHKEY_ADMINS", DANA)]).await;
    let dana = app.signed_in().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let uid = riva.get("/api/viewer").await.json()["uid"].clone();
    for account in [RIVA, "RIVAL@latchkey.localhost", uid.as_str().unwrap()] {
        let page = dana.get(&format!("{}?account={account}", PAGES[0])).await;
        assert!(page.body.contains("Riva L. Rival"), "{account}");
        assert!(page.body.contains(uid.as_str().unwrap()), "{account}");
    }
    for account in ["unknown@example.com", "0000", "%27%20OR%201=1"] {
        let page = dana.get(&format!("{}?account={account}", PAGES[0])).await;
        assert!(
            page.body
                .contains("No account has this email address or ID."),
            "{account}"
        );
    }
}

#[tokio::test]
async fn what_is_typed_and_what_is_stored_is_text() {
    let app = TestApp::start_with(&[("LATCHKEY_ADMINS", DANA)]).await;
    let dana = app.signed_in().await;
    app.execute("UPDATE users SET display_name = '<script>alert(1)</script>'")
        .await;
    for query in [
        "account=demo@latchkey.localhost",
        "account=%22%3E%3Cscript%3Ealert(1)",
    ] {
        let page = dana.get(&format!("{}?{query}", PAGES[0])).await;
        assert!(!page.body.contains("<script>alert"), "{query}");
    }
}
