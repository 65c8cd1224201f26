//! What applies to every vendor's endpoint that pages of the site may read by GET.

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use server::database::query;

use super::{exchanges, readable};
use crate::harness::{Browser, DANA, PASSWORD, RIVA, Response, TestApp};

/// An endpoint that returns the signed-in user's credential.
#[derive(Clone, Copy)]
pub struct Readable {
    pub path: &'static str,
    /// The body of the 401 for signed-out visitors.
    pub stranger: &'static str,
    /// Settings that turn its vendor off.
    pub off: &'static [(&'static str, &'static str)],
}

/// Requests an endpoint as a script of the site does.
pub async fn ask(browser: &Browser, path: &str) -> Response {
    let site = format!("http://www.latchkey.localhost:{}", browser.port);
    let request = browser.request(Method::GET, path);
    let request = request
        .header("origin", site)
        .header("sec-fetch-site", "same-site")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty");
    browser.send(request).await
}

/// Asserts that a response has no token, each of which starts with a header in base64url.
#[track_caller]
fn assert_refused(response: &Response, status: u16, path: &str) {
    assert_eq!(response.status, status, "{path}: {}", response.body);
    assert!(!response.body.contains("eyJ"), "{path}: {}", response.body);
    assert_eq!(
        response.header("content-type"),
        "application/json",
        "{path}"
    );
    assert_eq!(response.header("cache-control"), "no-store", "{path}");
    assert!(response.location().is_empty(), "{path}");
}

/// The claims of the token in a response, as text, in any vendor's format.
fn claims(response: &Response) -> String {
    let mut words = response
        .body
        .split(|c: char| !c.is_ascii_alphanumeric() && !"._-".contains(c));
    let token = words.find(|word| word.starts_with("eyJ")).unwrap();
    let claims = token.split('.').nth(1).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}

#[tokio::test]
async fn a_stranger_is_told_so_in_the_vendors_words() {
    let app = TestApp::start().await;
    for endpoint in readable() {
        let response = ask(&app.anonymous(), endpoint.path).await;
        assert_refused(&response, 401, endpoint.path);
        assert_eq!(response.body, endpoint.stranger);
        assert!(response.set_cookies().is_empty());
    }
}

#[tokio::test]
async fn a_session_that_has_ended_gives_no_credential() {
    let app = TestApp::start().await;
    for endpoint in readable() {
        let browser = app.signed_in().await;
        let cookie = browser.session();
        assert_eq!(ask(&browser, endpoint.path).await.status, 200);
        browser.post("/logout", &[]).await;
        browser.set_cookie("latchkey", &cookie);
        assert_refused(&ask(&browser, endpoint.path).await, 401, endpoint.path);
    }
    let browser = app.signed_in().await;
    app.clock.advance(Duration::from_secs(8 * 24 * 60 * 60));
    for endpoint in readable() {
        assert_refused(&ask(&browser, endpoint.path).await, 401, endpoint.path);
    }
}

#[tokio::test]
async fn neither_an_unverified_address_nor_a_disabled_user_is_vouched_for() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("UPDATE users SET email_verified_at = NULL")
        .await;
    for endpoint in readable() {
        assert_refused(&ask(&browser, endpoint.path).await, 403, endpoint.path);
    }
    app.execute("UPDATE users SET disabled_at = 1").await;
    for endpoint in readable() {
        assert_refused(&ask(&browser, endpoint.path).await, 401, endpoint.path);
    }
}

#[tokio::test]
async fn pages_of_other_origins_read_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let sibling = format!("http://evil.latchkey.localhost:{}", app.addr.port());
    for endpoint in readable() {
        for (origin, relation) in [
            ("https://evil.test", "cross-site"),
            ("null", "cross-site"),
            (sibling.as_str(), "same-site"),
        ] {
            for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
                let request = browser
                    .request(method.clone(), endpoint.path)
                    .header("origin", origin)
                    .header("access-control-request-method", "GET")
                    .header("sec-fetch-site", relation);
                let response = browser.send(request).await;
                assert_eq!(
                    response.header("access-control-allow-origin"),
                    "",
                    "{origin}"
                );
                assert!(!response.body.contains("eyJ"), "{origin} {method}");
                if method == Method::GET {
                    assert_refused(&response, 403, endpoint.path);
                }
            }
        }
    }
}

#[tokio::test]
async fn pages_of_the_site_read_it_with_their_cookies() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let site = app.site_origin();
    for endpoint in readable() {
        let response = ask(&browser, endpoint.path).await;
        assert_eq!(response.status, 200, "{}: {}", endpoint.path, response.body);
        assert!(response.body.contains("eyJ"), "{}", response.body);
        // Browsers hide it from scripts otherwise.
        let readable = response.header("access-control-expose-headers");
        assert_eq!(readable, "retry-after", "{}", endpoint.path);
        let preflight = browser
            .request(Method::OPTIONS, endpoint.path)
            .header("origin", &site)
            .header("access-control-request-method", "GET");
        for response in [response, browser.send(preflight).await] {
            assert_eq!(response.header("access-control-allow-origin"), site);
            assert_eq!(response.header("access-control-allow-credentials"), "true");
            let vary = response.headers.get_all("vary").iter();
            let mut vary = vary.map(|value| value.to_str().unwrap().to_ascii_lowercase());
            assert!(vary.any(|value| value.contains("origin")));
            let kept = response.header("access-control-max-age");
            assert!(kept.is_empty() || kept.parse::<u32>().unwrap() <= 600);
        }
    }
}

#[tokio::test]
async fn it_is_no_script_no_picture_no_frame_and_no_page() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for endpoint in readable() {
        for (mode, dest) in [
            ("no-cors", "script"),
            ("no-cors", "image"),
            ("navigate", "iframe"),
            ("navigate", "document"),
            ("no-cors", "empty"),
        ] {
            let request = browser
                .request(Method::GET, endpoint.path)
                .header("sec-fetch-site", "same-site")
                .header("sec-fetch-mode", mode)
                .header("sec-fetch-dest", dest);
            let response = browser.send(request).await;
            assert_refused(&response, 403, endpoint.path);
            assert_eq!(
                response.header("cross-origin-resource-policy"),
                "same-origin"
            );
            assert_eq!(response.header("x-content-type-options"), "nosniff");
        }
    }
}

#[tokio::test]
async fn two_users_get_their_own() {
    let app = TestApp::start().await;
    let dana = app.signed_in_as(DANA, PASSWORD).await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    for endpoint in readable() {
        let (first, second) = (
            ask(&dana, endpoint.path).await,
            ask(&riva, endpoint.path).await,
        );
        assert_ne!(first.body, second.body, "{}", endpoint.path);
        assert_eq!(first.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn a_vendor_without_settings_is_not_there_and_the_others_are() {
    for endpoint in readable() {
        let app = TestApp::start_with(endpoint.off).await;
        let browser = app.signed_in().await;
        assert_refused(&ask(&browser, endpoint.path).await, 404, endpoint.path);
        let is_other = |other: &&Readable| other.off != endpoint.off;
        for other in readable().iter().filter(is_other) {
            assert_eq!(
                ask(&browser, other.path).await.status,
                200,
                "{}",
                other.path
            );
        }
    }
}

#[tokio::test]
async fn no_one_says_in_the_request_who_they_are() {
    let app = TestApp::start().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let id_of = async |email: &str| -> String {
        query("SELECT id FROM users WHERE email = $1")
            .bind(email)
            .fetch_one(app.state.database.read())
            .await
            .unwrap()
    };
    let (danas, rivas) = (id_of(DANA).await, id_of(RIVA).await);
    for endpoint in readable() {
        let query =
            format!("?email={DANA}&uid={danas}&externalId={danas}&sub={danas}&userId={danas}");
        let response = ask(&riva, &format!("{}{query}", endpoint.path)).await;
        let claims = claims(&response);
        assert!(claims.contains(&rivas), "{claims}");
        assert!(
            !claims.contains(&danas) && !claims.contains(DANA),
            "{claims}"
        );
        let anonymous = ask(&app.anonymous(), &format!("{}{query}", endpoint.path)).await;
        assert_refused(&anonymous, 401, endpoint.path);
    }
}

#[tokio::test]
async fn many_calls_at_once_all_succeed_and_the_rest_goes_on() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "1000")]).await;
    let browser = Arc::new(app.signed_in().await);
    for endpoint in readable() {
        let mut calls = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let browser = Arc::clone(&browser);
            calls.spawn(async move { ask(&browser, endpoint.path).await.status });
        }
        assert_eq!(browser.get("/health/live").await.status, 200);
        assert_eq!(calls.join_all().await, [200; 200], "{}", endpoint.path);
    }
}

#[tokio::test]
async fn another_method_is_refused_by_name() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for endpoint in readable() {
        for method in [Method::POST, Method::PUT, Method::DELETE] {
            let request = browser.own_page(browser.request(method, endpoint.path));
            let response = browser.send(request).await;
            assert_refused(&response, 405, endpoint.path);
            assert_eq!(response.header("allow"), "GET,HEAD");
        }
    }
}

#[tokio::test]
async fn a_user_who_asks_too_often_waits_and_no_one_else_does() {
    for endpoint in readable() {
        let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "2")]).await;
        let dana = app.signed_in_as(DANA, PASSWORD).await;
        for _ in 0..2 {
            assert_eq!(ask(&dana, endpoint.path).await.status, 200);
        }
        let response = ask(&dana, endpoint.path).await;
        assert_refused(&response, 429, endpoint.path);
        assert_eq!(exchanges(&app), 0, "these are made here, or not at all");
        let wait = response.header("retry-after").parse().unwrap();
        assert!((1..=2).contains(&wait), "{wait}");
        let riva = app.signed_in_as(RIVA, PASSWORD).await;
        assert_eq!(ask(&riva, endpoint.path).await.status, 200);
        app.clock.advance(Duration::from_secs(wait));
        assert_eq!(ask(&dana, endpoint.path).await.status, 200);
    }
}

#[tokio::test]
async fn without_a_session_store_no_one_is_signed_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    app.execute("ALTER TABLE sessions RENAME TO elsewhere")
        .await;
    for endpoint in readable() {
        assert_refused(&ask(&browser, endpoint.path).await, 503, endpoint.path);
    }
}
