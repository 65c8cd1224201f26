//! Saving the profile, by its plain form and by the server function that the page calls.

use reqwest::Method;

use crate::harness::{Browser, GOOD_PASSWORD, Response, TestApp};

const SERVER_FUNCTION: &str = "/api/account/profile";
const PHOTO: &str = "https://pictures.example.test/dana.png";

async fn call(browser: &Browser, name: &str, photo: &str) -> Response {
    let form = [("form[display_name]", name), ("form[photo_url]", photo)];
    browser.post(SERVER_FUNCTION, &form).await
}

async fn submit(browser: &Browser, name: &str, photo: &str) -> Response {
    let form = [("display_name", name), ("photo_url", photo)];
    browser.post("/account/profile", &form).await
}

#[tokio::test]
async fn the_server_function_saves_a_profile() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let response = call(&dana, " Dana D. ", PHOTO).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let saved = &response.json()["Saved"];
    assert_eq!(
        (&saved["display_name"], &saved["photo_url"]),
        (&"Dana D.".into(), &PHOTO.into())
    );
    let page = dana.get("/account").await.body;
    assert!(page.contains("Dana D.") && page.contains(PHOTO));
}

#[tokio::test]
async fn the_plain_form_does_the_same() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let response = submit(&dana, "Dana D.", PHOTO).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/account?notice=profile-saved")
    );
    let page = dana.get("/account?notice=profile-saved").await.body;
    assert!(page.contains("Dana D.") && page.contains("Profile saved"));
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_at_its_field() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for (name, photo, bad_name, bad_photo) in [
        ("", PHOTO, true, false),
        ("Dana\u{202e}", PHOTO, true, false),
        ("Dana", "javascript:alert(1)", false, true),
        ("Dana", "http://pictures.example.test/dana.png", false, true),
        (
            "x".repeat(81).as_str(),
            "https://user:pw@example.test/",
            true,
            true,
        ),
    ] {
        let rejected = &call(&dana, name, photo).await.json()["Rejected"];
        assert_eq!(
            rejected["display_name"].is_string(),
            bad_name,
            "{name} {rejected}"
        );
        assert_eq!(
            rejected["photo_url"].is_string(),
            bad_photo,
            "{photo} {rejected}"
        );
        assert_eq!(
            submit(&dana, name, photo).await.status,
            422,
            "{name} {photo}"
        );
    }
    assert!(dana.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn only_a_signed_in_user_has_a_profile() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let response = call(&browser, "No one", "").await;
    assert_eq!(response.json(), "SignedOut");
    let response = submit(&browser, "No one", "").await;
    assert_eq!((response.status, response.location()), (303, "/login"));
    let named = "SELECT COUNT(*) FROM users WHERE display_name = 'No one'";
    assert_eq!(app.count(named).await, 0);
}

#[tokio::test]
async fn another_origin_cannot_change_a_profile() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let form = [
        ("display_name", "Eve"),
        ("form[display_name]", "Eve"),
        ("form[photo_url]", ""),
    ];
    for path in [SERVER_FUNCTION, "/account/profile"] {
        for origin in ["https://evil.test", &app.site_origin(), "null"] {
            let request = dana
                .request(Method::POST, path)
                .header("origin", origin)
                .header("sec-fetch-site", "cross-site")
                .header("referer", "https://evil.test/x")
                .header("accept", "text/html")
                .form(&form);
            let response = dana.send(request).await;
            assert_eq!(
                (response.status, response.location()),
                (403, ""),
                "{path} {origin}"
            );
        }
    }
    assert!(dana.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn the_server_function_cannot_be_called_by_get() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let path = format!("{SERVER_FUNCTION}?form[display_name]=Eve&form[photo_url]=");
    assert_eq!(dana.get(&path).await.status, 405);
    assert!(dana.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn a_plain_post_to_the_server_function_leads_nowhere_else() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let request = dana
        .own_page(dana.request(Method::POST, SERVER_FUNCTION))
        .header("referer", "https://evil.test/x")
        .header("accept", "text/html")
        .form(&[("form[display_name]", "Dana D."), ("form[photo_url]", "")]);
    let response = dana.send(request).await;
    assert!(
        !response.location().contains("evil"),
        "{}",
        response.location()
    );
}

#[tokio::test]
async fn an_oversized_profile_is_cut_off() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let huge = "x".repeat(20_000);
    assert_eq!(call(&dana, &huge, "").await.status, 413);
    assert_eq!(submit(&dana, &huge, "").await.status, 413);
}

#[tokio::test]
async fn a_call_that_is_no_profile_is_a_client_error() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let post = |kind: &'static str, body: &'static [u8]| {
        let request = dana.own_page(dana.request(Method::POST, SERVER_FUNCTION));
        dana.send(request.header("content-type", kind).body(body))
    };
    for (kind, body) in [
        ("application/x-www-form-urlencoded", &b""[..]),
        ("application/x-www-form-urlencoded", b"form=1"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ff"),
        ("application/json", b"{}"),
    ] {
        let response = post(kind, body).await;
        assert!(
            (400..500).contains(&response.status),
            "{} {}",
            response.status,
            response.body
        );
    }
}

#[tokio::test]
async fn a_profile_changes_no_one_else_and_nothing_else() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let form = [
        ("form[display_name]", "Dana D."),
        ("form[photo_url]", ""),
        ("form[id]", "1"),
        ("form[email]", "eve@example.test"),
        ("id", "1"),
        ("email", "eve@example.test"),
        ("email_verified_at", "0"),
        ("password_hash", GOOD_PASSWORD),
    ];
    dana.post(SERVER_FUNCTION, &form).await;
    let unchanged = "SELECT COUNT(*) FROM users
         WHERE email LIKE '%@latchkey.localhost' AND email_verified_at > 0 AND password_hash LIKE '$argon2id$%'
           AND length(id) = 32 AND display_name IN ('Dana Demo', 'Dana D.', 'Riva L. Rival')";
    assert_eq!(app.count(unchanged).await, 2);
    app.signed_in().await;
}
