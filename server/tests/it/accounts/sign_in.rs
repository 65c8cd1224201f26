//! Signing in with a password.

use reqwest::Method;

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, TestApp};

#[tokio::test]
async fn the_right_password_begins_a_session() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let response = browser.sign_in(DANA, PASSWORD).await;
    assert_eq!((response.status, response.location()), (303, "/signed-in"));
    let cookie = response.set_cookies()[0];
    assert!(cookie.starts_with("latchkey="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(browser.get("/account").await.body.contains("Dana Demo"));
}

#[tokio::test]
async fn signing_in_leads_to_the_page_that_was_asked_for_and_never_elsewhere() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    assert_eq!(
        browser.get("/account").await.location(),
        "/login?next=%2Faccount"
    );
    for next in ["https://evil.test/", "//evil.test", "/logout", "/a\r\nb"] {
        let form = [("email", DANA), ("password", PASSWORD), ("next", next)];
        let response = app.anonymous().sign_in_by(&form).await;
        assert_eq!(
            (response.status, response.location()),
            (303, "/account"),
            "{next}"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_with_one_generic_text() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let wrong = browser.sign_in(DANA, "correct horse battery stable").await;
    let unknown = browser.sign_in("none@latchkey.localhost", PASSWORD).await;
    assert_eq!((wrong.status, unknown.status), (401, 401));
    assert!(wrong.set_cookies().is_empty());
    assert!(wrong.body.contains("Incorrect email or password"));
    assert!(!wrong.body.contains("correct horse battery stable"));
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn letters_composed_differently_are_the_same_password() {
    let app = TestApp::start().await;
    app.register("ada@example.test", "siebzehn schöne Drachen")
        .await;
    app.signed_in_as("ada@example.test", "siebzehn scho\u{308}ne Drachen")
        .await;
}

#[tokio::test]
async fn letter_case_and_every_character_count() {
    let app = TestApp::start().await;
    let long: String = (10..)
        .map(|n| format!("{} kites ", n * n))
        .take(9)
        .collect();
    assert!(long.len() > 72);
    app.register("ada@example.test", &long).await;
    let browser = app.anonymous();
    let longer = format!("{long}x");
    assert_eq!(
        browser.sign_in("ada@example.test", &longer).await.status,
        401
    );
    let case = PASSWORD.to_uppercase();
    assert_eq!(browser.sign_in(DANA, &case).await.status, 401);
}

#[tokio::test]
async fn an_oversized_password_is_refused_before_it_is_counted_or_hashed() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    assert_eq!(browser.sign_in(DANA, &"x".repeat(1025)).await.status, 422);
    assert_eq!(
        browser.sign_in(DANA, &"x".repeat(1_000_000)).await.status,
        413
    );
    assert_eq!(app.count("SELECT COUNT(*) FROM limits").await, 0);
}

#[tokio::test]
async fn what_is_no_form_of_ours_is_a_client_error() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let post = |kind: &'static str, body: Vec<u8>| {
        let request = browser.own_page(browser.request(Method::POST, "/login"));
        browser.send(request.header("content-type", kind).body(body))
    };
    let form = "application/x-www-form-urlencoded";
    for (kind, body, status) in [
        (form, "", 422),
        (form, "email=&password=", 422),
        (form, "email=demo@latchkey.localhost&password[]=a", 422),
        (
            form,
            "email=demo@latchkey.localhost&password=a&password=b",
            400,
        ),
        (form, "email=demo@latchkey.localhost&password=%ff", 400),
        (form, "email=demo@latchkey.localhost&password=a%00b", 422),
        ("application/json", r#"{"email":1,"password":2}"#, 415),
        ("multipart/form-data", "", 415),
    ] {
        let response = post(kind, body.into()).await;
        assert_eq!(response.status, status, "{body}");
    }
    assert_eq!(post(form, vec![0xff, b'=', 0xfe]).await.status, 400);
}

#[tokio::test]
async fn an_unconfirmed_account_is_told_to_confirm_and_gets_a_new_link() {
    let app = TestApp::start().await;
    let first = app
        .registration_token("ada@example.test", GOOD_PASSWORD)
        .await;
    let browser = app.anonymous();
    let response = browser.sign_in("ada@example.test", GOOD_PASSWORD).await;
    assert_eq!(response.status, 401);
    assert!(response.body.contains("address first"));
    assert!(response.set_cookies().is_empty());

    let second = crate::harness::token_in(&app.mail_to("ada@example.test", 1).await);
    let old = browser.post("/verify-email", &[("token", &first)]).await;
    assert_eq!(old.status, 410);
    let new = browser.post("/verify-email", &[("token", &second)]).await;
    assert_eq!(new.status, 303);
    app.signed_in_as("ada@example.test", GOOD_PASSWORD).await;
}

#[tokio::test]
async fn an_old_hash_is_upgraded_once_by_signing_in() {
    let app = TestApp::start().await;
    let stronger = [("LATCHKEY_ARGON2_PASSES", "2")];
    let upgraded =
        "SELECT COUNT(*) FROM users WHERE password_hash LIKE '$argon2id$v=19$m=7168,t=2,p=1$%'";
    let (browser, _server) = app.restarted(&stronger).await;
    assert_eq!(app.count(upgraded).await, 0);
    let wrong = browser.sign_in(DANA, GOOD_PASSWORD).await;
    assert_eq!((wrong.status, app.count(upgraded).await), (401, 0));
    let (one, other) = tokio::join!(
        browser.sign_in(DANA, PASSWORD),
        browser.sign_in(DANA, PASSWORD)
    );
    assert_eq!((one.status, other.status), (303, 303));
    assert_eq!(app.count(upgraded).await, 1);
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_damaged_hash_lets_no_one_in_and_breaks_nothing() {
    let app = TestApp::start().await;
    app.execute(
        "UPDATE users SET password_hash = '$argon2id$v=19$m=4294967295,t=1,p=1$c2FsdHNhbHQ$AAAA'",
    )
    .await;
    let browser = app.anonymous();
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 401);
    app.execute("UPDATE users SET password_hash = ''").await;
    assert_eq!(browser.sign_in(DANA, PASSWORD).await.status, 401);
}

#[tokio::test]
async fn credentials_in_the_address_do_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let path = "/login?email=demo%40latchkey.localhost&password=correct%20horse%20battery%20staple";
    let response = browser.get(path).await;
    assert_eq!(response.status, 200);
    assert!(response.set_cookies().is_empty());
    assert!(!browser.is_signed_in().await);
    let post = browser.post(path, &[]).await;
    assert_eq!(post.status, 422);
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so() {
    let app = TestApp::start().await;
    for flow in [
        "",
        "chatBoxId=cb_demo&receipt=1",
        "next=%2Fadmin%2Fvisitors",
    ] {
        let mut form: Vec<(&str, &str)> = flow
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .collect();
        form.extend([("email", DANA), ("password", PASSWORD)]);
        let mut response = app.anonymous().post("/login", &form).await;
        while response.status == 303 {
            // A new browser for each request has no cookies of the one before.
            response = app.anonymous().get(response.location()).await;
        }
        assert_eq!(response.status, 200, "{flow}");
        for part in ["doesn’t keep cookies", "name=\"password\""] {
            assert!(response.body.contains(part), "{flow}: {}", response.body);
        }
        let kept = flow.contains("chatBoxId");
        assert_eq!(response.body.contains("value=\"cb_demo\""), kept, "{flow}");
    }
}

#[tokio::test]
async fn a_browser_that_keeps_cookies_arrives_where_it_wanted() {
    let app = TestApp::start().await;
    let site = format!("{}/shop", app.site_origin());
    for (name, value, target) in [
        ("next", "", "/account"),
        ("next", "/admin/visitors", "/admin/visitors"),
        ("chatBoxId", "cb_demo", "/handoff?chatBoxId=cb_demo"),
        ("next", &site, &site),
    ] {
        let form = [(name, value), ("email", DANA), ("password", PASSWORD)];
        let response = app.anonymous().sign_in_by(&form).await;
        // No redirect to another origin: browsers would apply the policy for forms to what follows.
        let arrived = match response.status {
            303 => response.location(),
            _ => response.header("refresh").strip_prefix("0; url=").unwrap(),
        };
        assert_eq!(arrived, target);
    }
}
