//! Who gets a credential, from which pages, how often, and that nothing of it is kept.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use super::{OFF, PATH, ask, assert_refused};
use crate::harness::{DANA, PASSWORD, RIVA, TestApp};

#[tokio::test]
async fn a_stranger_is_told_so_and_never_redirected() {
    let app = TestApp::start().await;
    let response = ask(&app.anonymous(), "cb_demo").await;
    assert_refused(&response, 401, "unauthenticated");
    assert!(response.location().is_empty() && response.set_cookies().is_empty());
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn a_stranger_learns_nothing_about_chat_boxes() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for body in [
        "",
        r#"{"chatBoxId":"cb_unknown"}"#,
        r#"{"chatBoxId":"cb_demo"}"#,
    ] {
        assert_refused(&browser.post_json(PATH, body).await, 401, "unauthenticated");
    }
}

#[tokio::test]
async fn a_session_that_has_ended_gives_no_credential() {
    let app = TestApp::start().await;
    let old = app.signed_in().await;
    let cookie = old.cookie("latchkey").unwrap();
    assert_eq!(ask(&old, "cb_demo").await.status, 200);
    old.post("/logout", &[]).await;
    old.set_cookie("latchkey", &cookie);
    assert_refused(&ask(&old, "cb_demo").await, 401, "unauthenticated");

    let idle = app.signed_in().await;
    app.clock.advance(Duration::from_secs(31 * 24 * 60 * 60));
    assert_refused(&ask(&idle, "cb_demo").await, 401, "unauthenticated");
}

#[tokio::test]
async fn a_page_that_was_rendered_for_another_user_gets_no_credential() {
    let app = TestApp::start().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let viewer: Value = serde_json::from_str(&riva.get("/api/viewer").await.body).unwrap();
    let body = json!({ "chatBoxId": "cb_demo", "viewer": viewer["uid"] }).to_string();
    for (browser, status) in [(app.signed_in().await, 401), (riva, 200)] {
        assert_eq!(browser.post_json(PATH, &body).await.status, status);
    }
    assert_eq!(app.sandbox.knoon().exchanges().len(), 1);
}

#[tokio::test]
async fn an_address_that_is_not_confirmed_is_never_asserted() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("UPDATE users SET email_verified_at = NULL")
        .await;
    assert_refused(&ask(&browser, "cb_demo").await, 403, "forbidden");
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn pages_of_other_origins_get_neither_credential_nor_cors_header() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let site = app.site_origin();
    for (origin, relation) in [
        ("https://evil.test", "cross-site"),
        ("null", "cross-site"),
        (site.as_str(), "same-site"),
    ] {
        let from = |method| {
            let request = browser.request(method, PATH).header("origin", origin);
            request.header("sec-fetch-site", relation)
        };
        let post = from(Method::POST).header("content-type", "application/json");
        let response = browser.send(post.body(r#"{"chatBoxId":"cb_demo"}"#)).await;
        assert_refused(&response, 403, "forbidden");
        let preflight = from(Method::OPTIONS).header("access-control-request-method", "POST");
        let preflight = browser.send(preflight).await;
        for response in [response, preflight] {
            let cors = response
                .headers
                .keys()
                .find(|name| name.as_str().starts_with("access-control"));
            assert_eq!(cors, None, "{origin}");
        }
    }
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn it_is_no_script_no_picture_and_no_page() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for method in [Method::GET, Method::HEAD, Method::PUT, Method::DELETE] {
        let request = browser.own_page(browser.request(method.clone(), PATH));
        let response = browser.send(request).await;
        assert_eq!(
            (response.status, response.header("allow")),
            (405, "POST"),
            "{method}"
        );
        assert_eq!(
            response.header("cross-origin-resource-policy"),
            "same-origin"
        );
        assert_eq!(response.header("x-content-type-options"), "nosniff");
    }
    assert_eq!(browser.get("/api/unknown/credentials").await.status, 404);
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn a_vendor_without_settings_is_not_there() {
    let app = TestApp::start_with(OFF).await;
    assert_refused(
        &ask(&app.signed_in().await, "cb_demo").await,
        404,
        "not_found",
    );
    assert_refused(&ask(&app.anonymous(), "cb_demo").await, 404, "not_found");
    assert!(app.sandbox.knoon().exchanges().is_empty());
}

#[tokio::test]
async fn many_calls_at_once_all_succeed() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "100")]).await;
    let browser = std::sync::Arc::new(app.signed_in().await);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let browser = std::sync::Arc::clone(&browser);
        calls.spawn(async move { ask(&browser, "cb_demo").await.status });
    }
    assert_eq!(calls.join_all().await, [200; 64]);
}

#[tokio::test]
async fn a_user_who_asks_too_often_waits_and_the_vendor_is_spared() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "2")]).await;
    let dana = app.signed_in_as(DANA, PASSWORD).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    for _ in 0..2 {
        assert_eq!(ask(&dana, "cb_demo").await.status, 200);
    }
    let response = ask(&dana, "cb_demo").await;
    assert_refused(&response, 429, "rate_limited");
    let wait = response.header("retry-after").parse().unwrap();
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(ask(&riva, "cb_demo").await.status, 200);
    assert_eq!(app.sandbox.knoon().exchanges().len(), 3);
    app.clock.advance(Duration::from_secs(wait));
    assert_eq!(ask(&dana, "cb_demo").await.status, 200);
}

#[tokio::test]
async fn without_a_session_store_no_one_is_signed_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("ALTER TABLE sessions RENAME TO elsewhere")
        .await;
    assert_refused(&ask(&browser, "cb_demo").await, 503, "server_error");
    assert!(app.sandbox.knoon().exchanges().is_empty());
    app.execute("ALTER TABLE elsewhere RENAME TO sessions")
        .await;
    assert_eq!(ask(&browser, "cb_demo").await.status, 200);
}

#[tokio::test]
async fn a_disabled_user_gets_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("UPDATE users SET disabled_at = 1").await;
    assert_refused(&ask(&browser, "cb_demo").await, 401, "unauthenticated");
}

#[tokio::test]
async fn anyone_who_leaves_takes_the_cookies_along_and_none_that_looks_alike() {
    let app = TestApp::start().await;
    for way_out in ["/logout", "/switch-account"] {
        let browser = app.signed_in().await;
        let own = ["knoon_jwt_cb_demo", "knoon_expires_at_cb_demo"];
        let others = ["knoonlike", "xknoon_jwt"];
        browser.set_cookie("city", "Zürich");
        for name in [own, others].concat() {
            browser.set_cookie(name, "a.b.c");
        }
        let response = browser.post(way_out, &[("chatBoxId", "cb_demo")]).await;
        let cookies = response.sorted_cookies();
        for name in own {
            let forget =
                format!("{name}=; Domain=latchkey.localhost; Max-Age=0; Path=/; SameSite=Lax");
            assert!(cookies.contains(&forget), "{way_out}: {cookies:?}");
        }
        for name in others {
            assert_eq!(browser.cookie(name).as_deref(), Some("a.b.c"));
        }
    }
}

#[tokio::test]
async fn a_name_sets_nothing_but_its_own_cookie() {
    let app = TestApp::start().await;
    for (name, is_forgotten) in [
        ("knoon_x, evil", true),
        ("knoon_Domain", true),
        ("knoon_\u{e9}", false),
    ] {
        let browser = app.anonymous();
        browser.set_cookie(name, "1");
        let response = browser.post("/logout", &[]).await;
        assert_eq!(browser.cookie(name).is_none(), is_forgotten, "{name}");
        let forgets = |cookie: &&str| !cookie.starts_with("latchkey-choose=account;");
        for cookie in response.set_cookies().into_iter().filter(forgets) {
            let (named, attributes) = cookie.split_once("=; ").unwrap();
            assert!([name, "latchkey"].contains(&named), "{cookie}");
            assert!(attributes.contains("Max-Age=0"), "{cookie}");
        }
    }
}
