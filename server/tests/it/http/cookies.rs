//! The login's only cookie, and that signing out deletes everything.

use reqwest::{Method, header::HeaderValue};

use crate::harness::{DANA, GOOD_PASSWORD, PASSWORD, RIVA, TestApp};

const COOKIE: &str = "latchkey";

#[tokio::test]
async fn the_session_cookie_is_host_only_opaque_and_bounded() {
    let app = TestApp::start_with(&[("LATCHKEY_SESSION_DAYS", "3")]).await;
    let response = app.anonymous().sign_in(DANA, PASSWORD).await;
    let [cookie] = response.set_cookies()[..] else {
        panic!("one cookie: {:?}", response.set_cookies());
    };
    let mut parts = cookie.split("; ");
    let (name, value) = parts.next().unwrap().split_once('=').unwrap();
    assert_eq!((name, value.len()), (COOKIE, 22), "{cookie}");
    assert!(
        value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    );
    let mut attributes: Vec<&str> = parts.collect();
    attributes.sort_unstable();
    let (age, rest) = attributes
        .iter()
        .partition::<Vec<&str>, _>(|part| part.starts_with("Max-Age="));
    assert_eq!(rest, ["HttpOnly", "Path=/", "SameSite=Lax"]);
    let age: u32 = age[0]["Max-Age=".len()..].parse().unwrap();
    assert!((1..=3 * 24 * 60 * 60).contains(&age), "{age}");
}

#[tokio::test]
async fn over_tls_the_names_have_the_prefix_and_the_cookies_are_secure() {
    let app = TestApp::start_with(&[
        ("LATCHKEY_LOGIN_ORIGIN", "https://login.example.com"),
        ("LATCHKEY_SITE_ORIGIN", "https://www.example.com"),
        ("LATCHKEY_COOKIE_DOMAIN", "example.com"),
    ])
    .await;
    let send = async |request: &str, cookie: &str, form: &str| {
        let request = format!(
            "{request} HTTP/1.1\r\nhost: login.example.com\r\norigin: https://login.example.com\r\n\
             sec-fetch-site: same-origin\r\ncookie: {cookie}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
            form.len()
        );
        app.raw(request).await
    };
    let form = format!("email={DANA}&password={}", PASSWORD.replace(' ', "+"));
    let signed_in = send("POST /login", "", &form).await;
    let (_, set) = signed_in
        .split_once("set-cookie: __Host-latchkey=")
        .expect(&signed_in);
    let (set, _) = set.split_once("\r\n").unwrap();
    assert!(set.contains("; Secure"), "{set}");
    let (id, _) = set.split_once(';').unwrap();
    for (name, status) in [("__Host-latchkey", 200), ("latchkey", 303)] {
        let account = send("GET /account", &format!("{name}={id}"), "").await;
        assert!(
            account.starts_with(&format!("HTTP/1.1 {status}")),
            "{name}: {account}"
        );
    }
    let cookies = format!("__Host-latchkey={id}");
    let signed_out = send("POST /logout", &cookies, "").await;
    let started = send("GET /oauth/sso/start", "", "").await;
    let all: Vec<&str> = [signed_out.lines(), started.lines()]
        .into_iter()
        .flatten()
        .filter_map(|line| line.strip_prefix("set-cookie: "))
        .filter(|cookie| cookie.contains("SameSite"))
        .collect();
    for name in ["__Host-latchkey=;", "__Host-latchkey-oauth="] {
        assert!(all.iter().any(|cookie| cookie.starts_with(name)), "{all:?}");
    }
    assert!(
        all.iter().all(|cookie| cookie.contains("; Secure")),
        "{all:?}"
    );
}

#[tokio::test]
async fn of_two_session_cookies_neither_counts_on_pages_and_endpoints_alike() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await.session();
    let riva = app.signed_in_as(RIVA, PASSWORD).await.session();
    let browser = app.anonymous();
    for (first, second) in [(&dana, &riva), (&riva, &dana), (&dana, &dana)] {
        let (first, second) = (format!("{COOKIE}={first}"), format!("{COOKIE}={second}"));
        for lines in [vec![format!("{first}; {second}")], vec![first, second]] {
            for (path, expected) in [("/account", ""), ("/api/viewer", "null")] {
                let mut request = browser.own_page(browser.request(Method::GET, path));
                for line in &lines {
                    request = request.header("cookie", line);
                }
                assert_eq!(
                    browser.send(request).await.body,
                    expected,
                    "{path} {lines:?}"
                );
            }
        }
    }
}

#[tokio::test]
async fn strangers_get_no_cookie() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in [
        "/login",
        "/login?chatBoxId=cb_demo",
        "/register",
        "/account",
        "/nowhere",
    ] {
        assert!(browser.get(path).await.set_cookies().is_empty(), "{path}");
    }
    let wrong = browser.sign_in(DANA, "wrong wrong wrong").await;
    assert!(wrong.set_cookies().is_empty());
    let registered = browser
        .register("new@example.test", "New", GOOD_PASSWORD)
        .await;
    assert!(registered.set_cookies().is_empty());
}

#[tokio::test]
async fn a_cookie_of_another_name_is_no_session() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let value = dana.cookie(COOKIE).unwrap();
    for name in [
        "Latchkey",
        "__Host-latchkey",
        "__Secure-latchkey",
        "id",
        "latchkey2",
    ] {
        let browser = app.anonymous();
        browser.set_cookie(name, &value);
        assert!(!browser.is_signed_in().await, "{name}");
    }
    dana.set_cookie("__Host-latchkey", "evil");
    assert!(dana.is_signed_in().await);
}

#[tokio::test]
async fn a_cookie_in_any_bytes_hides_no_other() {
    let app = TestApp::start().await;
    let session = app.signed_in().await.session();
    let browser = app.anonymous();
    for tossed in [&b"city=Z\xc3\xbcrich"[..], b"city=Z\xfcrich"] {
        let cookies = [tossed, b"; latchkey=", session.as_bytes()].concat();
        for path in ["/account", "/api/viewer"] {
            let request = browser.own_page(browser.request(Method::GET, path));
            let cookies = HeaderValue::from_bytes(&cookies).unwrap();
            let response = browser.send(request.header("cookie", cookies)).await;
            assert!(response.body.contains("Dana Demo"), "{path}: {response:?}");
        }
    }
}

#[tokio::test]
async fn only_the_exact_name_is_ours() {
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    for tossed in [format!("x{COOKIE}"), format!("{COOKIE}x")] {
        let browser = app.anonymous();
        browser.set_cookie(&tossed, &riva.session());
        assert!(!browser.is_signed_in().await, "{tossed:?}");
        assert_eq!(browser.get("/api/viewer").await.body, "null");
        dana.set_cookie(&tossed, &riva.session());
    }
    for path in ["/account", "/api/viewer"] {
        assert!(dana.get(path).await.body.contains("Dana Demo"), "{path}");
    }
}

#[tokio::test]
async fn signing_out_deletes_exactly_what_belongs_to_the_login() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let session = browser.cookie(COOKIE).unwrap();
    browser.set_cookie("theme", "1");
    let response = browser.post("/logout", &[]).await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/login?notice=signed-out")
    );
    assert_eq!(response.header("clear-site-data"), "\"storage\"");
    let forget_session = format!("{COOKIE}=; HttpOnly; Max-Age=0; Path=/; SameSite=Lax");
    let cookies = response.sorted_cookies();
    assert!(cookies.contains(&forget_session), "{cookies:?}");
    assert_eq!(browser.cookie("theme").as_deref(), Some("1"));
    // The session has ended on the server, too, not only in this browser.
    browser.set_cookie(COOKIE, &session);
    assert!(!browser.is_signed_in().await);
    assert_eq!(app.count("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn signing_out_again_or_without_a_session_is_no_error() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for _ in 0..2 {
        assert_eq!(browser.post("/logout", &[]).await.status, 303);
    }
    browser.set_cookie(COOKIE, "AAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    browser.set_cookie(COOKIE, "garbage");
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    let dana = app.signed_in().await;
    assert_eq!(dana.get("/logout").await.status, 405);
    assert!(dana.is_signed_in().await);
}

#[tokio::test]
async fn anyone_who_signs_out_from_the_site_returns_there() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let request = browser
        .request(Method::POST, "/logout")
        .header("origin", app.site_origin());
    let response = browser
        .send(request.header("sec-fetch-site", "same-site"))
        .await;
    assert_eq!(
        (response.status, response.location()),
        (303, format!("{}/", app.site_origin()).as_str())
    );
    assert!(!browser.is_signed_in().await);
}

#[tokio::test]
async fn another_tab_is_a_strangers_at_its_next_request() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let tab = app.anonymous();
    tab.set_cookie(COOKIE, &browser.cookie(COOKIE).unwrap());
    assert!(tab.is_signed_in().await);
    browser.post("/logout", &[]).await;
    let response = tab.get("/account").await;
    assert_eq!(
        (response.status, response.location()),
        (303, "/login?next=%2Faccount")
    );
}

#[tokio::test]
async fn no_cookie_grows_with_the_number_of_popups() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for _ in 0..30 {
        for id in ["cb_demo", "cb_partner"] {
            let response = browser.post("/continue", &[("chatBoxId", id)]).await;
            assert!(
                response
                    .set_cookies()
                    .iter()
                    .all(|cookie| cookie.len() < 200)
            );
        }
    }
}
