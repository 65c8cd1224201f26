//! The credential as it reaches the popup.

use sandbox::knoon::{ExpiresAtFormat, Failure, SettingsChange};
use serde_json::json;

use super::ask;
use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, RIVA, Reply, Stub, TestApp};

#[tokio::test]
async fn a_signed_in_user_gets_the_vendors_credential() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let response = ask(&browser, "cb_demo").await;
    assert_eq!(response.status, 200, "{}", response.body);
    assert_eq!(response.header("cache-control"), "no-store");
    let body = response.json();
    assert_eq!(body["status"], "ok");
    assert_eq!(body["data"]["domain"], ".latchkey.localhost");
    assert_eq!(body["data"]["chatBoxId"], "cb_demo");
    let jwt = body["data"]["jwt"].as_str().unwrap();
    assert_eq!(jwt.split('.').count(), 3);
    assert!(
        response.set_cookies().is_empty(),
        "the popup's opener keeps it"
    );
}

#[tokio::test]
async fn the_expiry_comes_as_the_vendor_writes_it_with_its_time_zone_and_the_seconds_left() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for format in [
        ExpiresAtFormat::Seconds,
        ExpiresAtFormat::Milliseconds,
        ExpiresAtFormat::Iso,
        ExpiresAtFormat::IsoOffset,
        ExpiresAtFormat::IsoWithoutZone,
    ] {
        app.sandbox.knoon().change(&SettingsChange {
            expires_at: Some(format),
            ..SettingsChange::default()
        });
        let data = ask(&browser, "cb_demo").await.json()["data"].clone();
        let seconds = data["expiresIn"].as_u64().unwrap();
        assert!((590..=601).contains(&seconds), "{format:?}: {data}");
        let expires_at = data["expiresAt"].clone();
        let as_expected = match format {
            ExpiresAtFormat::Seconds => expires_at.as_u64().is_some_and(|at| at < 100_000_000_000),
            ExpiresAtFormat::Milliseconds => {
                expires_at.as_u64().is_some_and(|at| at > 100_000_000_000)
            }
            ExpiresAtFormat::Iso | ExpiresAtFormat::IsoWithoutZone => {
                expires_at.as_str().is_some_and(|at| at.ends_with('Z'))
            }
            ExpiresAtFormat::IsoOffset => {
                expires_at.as_str().is_some_and(|at| at.ends_with("+02:00"))
            }
        };
        assert!(as_expected, "{format:?}: {expires_at}");
    }
}

#[tokio::test]
async fn our_domain_wins_and_names_with_a_meaning_are_dropped() {
    let body = r#"{"data":{"jwt":"a.b.c","expiresAt":"soon","domain":".evil.test",
                           "__proto__":{"admin":true},"constructor":1,"plan":"pro"},"status":"odd"}"#;
    let stub = Stub::start(vec![Reply::json(200, body)]).await;
    let app = TestApp::start_with(&[("KNOON_API_URL", &stub.url)]).await;
    let response = ask(&app.signed_in().await, "cb_demo").await.json();
    let data = json!({
        "jwt": "a.b.c",
        "expiresAt": "soon",
        "domain": ".latchkey.localhost",
        "plan": "pro",
    });
    assert_eq!(response, json!({ "status": "ok", "data": data }));
}

#[tokio::test]
async fn name_and_photo_reach_the_vendor_as_the_profile_has_them() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let profile = [
        ("display_name", "Dana \"</script>\" Zoë 🌻"),
        ("photo_url", "https://photos.example.com/dana.png"),
    ];
    assert_eq!(browser.post("/account/profile", &profile).await.status, 303);
    let bad = [
        ("display_name", "Dana"),
        ("photo_url", "javascript:alert(1)"),
    ];
    assert_eq!(browser.post("/account/profile", &bad).await.status, 422);
    let jwt = ask(&browser, "cb_demo").await.json()["data"]["jwt"].clone();
    let session = format!("{}/knoon/v1/session?chatBoxId=cb_demo", app.sandbox.url());
    let session = browser
        .client
        .get(session)
        .bearer_auth(jwt.as_str().unwrap());
    let session = session.send().await.unwrap().text().await.unwrap();
    assert!(
        session.contains(r#"Dana \"</script>\" Zoë 🌻"#),
        "{session}"
    );
    assert!(
        session.contains("https://photos.example.com/dana.png"),
        "{session}"
    );
}

#[tokio::test]
async fn the_user_who_is_signed_in_now_is_vouched_for() {
    let app = TestApp::start().await;
    let browser = app.signed_in_as(DANA, PASSWORD).await;
    ask(&browser, "cb_demo").await;
    browser.sign_in(RIVA, PASSWORD).await;
    ask(&browser, "cb_demo").await;
    let asked = app.sandbox.knoon().exchanges();
    let emails: Vec<_> = asked
        .iter()
        .map(|exchange| exchange.email.as_deref())
        .collect();
    assert_eq!(emails, [Some(DANA), Some(RIVA)]);
    assert_ne!(asked[0].external_id, asked[1].external_id);
}

#[tokio::test]
async fn a_users_id_is_stable_and_never_an_address() {
    let app = TestApp::start().await;
    app.register("new@example.test", GOOD_PASSWORD).await;
    for _ in 0..2 {
        let browser = app.signed_in_as("new@example.test", GOOD_PASSWORD).await;
        assert_eq!(ask(&browser, "cb_demo").await.status, 200);
    }
    let asked = app.sandbox.knoon().exchanges();
    assert_eq!(asked[0].external_id, asked[1].external_id);
    assert!(!asked[0].external_id.as_ref().unwrap().contains('@'));
}

#[tokio::test]
async fn the_lifetime_counts_by_the_vendors_own_clock() {
    let body = r#"{"data":{"jwt":"a.b.c","expiresAt":"2026-11-22T10:10:00"}}"#;
    for (date, seconds) in [("10:00:00", 600), ("10:09:30", 30), ("10:30:00", 0)] {
        let headers = format!("date: Sun, 22 Nov 2026 {date} GMT\r\n");
        let stub = Stub::start(vec![Reply::with_headers(200, &headers, body)]).await;
        let app = TestApp::start_with(&[("KNOON_API_URL", &stub.url)]).await;
        let response = ask(&app.signed_in().await, "cb_demo").await.json();
        assert_eq!(response["data"]["expiresIn"], seconds, "{date}: {response}");
        assert_eq!(response["data"]["expiresAt"], "2026-11-22T10:10:00Z");
    }
}

#[tokio::test]
async fn a_credential_that_no_cookie_can_hold_is_refused_in_words_of_its_own() {
    let app = TestApp::start().await;
    app.sandbox.knoon().change(&SettingsChange {
        failure: Some(Failure::Long),
        ..SettingsChange::default()
    });
    let browser = app.signed_in().await;
    let response = ask(&browser, "cb_demo").await;
    super::assert_refused(&response, 502, "too_long");
    let form = [
        ("chatBoxId", "cb_demo"),
        ("challenge", crate::handoff::code::CHALLENGE),
    ];
    browser.post("/continue", &form).await;
    let page = browser.post("/handoff/code", &form).await;
    assert_eq!(page.status, 502);
    assert!(
        page.body.contains("<p data-failure=\"too-long\">"),
        "{}",
        page.body
    );
}
