//! Built files may be cached for a year, and no other files are served.

use std::fs;

use reqwest::Method;

use crate::harness::TestApp;

fn built(app: &TestApp) {
    let site = app.folder.path().join("site");
    fs::create_dir_all(site.join("pkg/folder")).unwrap();
    for name in [
        "app.abc.css",
        "app.abc.js",
        "app.abc_bg.wasm",
        "folder/index.html",
    ] {
        fs::write(site.join("pkg").join(name), "/* 1 */").unwrap();
    }
    fs::create_dir_all(site.join("sdk")).unwrap();
    fs::write(site.join("sdk/vendor.js"), "/* 1 */").unwrap();
    for name in ["favicon.svg", "site.js", "assets.json", ".env"] {
        fs::write(site.join(name), "{}").unwrap();
    }
}

#[tokio::test]
async fn files_with_a_hash_in_their_name_never_change() {
    let app = TestApp::start().await;
    built(&app);
    let browser = app.anonymous();
    for (path, kind) in [
        ("/pkg/app.abc.css", "text/css"),
        ("/pkg/app.abc.js", "text/javascript"),
        ("/pkg/app.abc_bg.wasm", "application/wasm"),
    ] {
        for origin in [app.login_origin(), app.site_origin()] {
            let response = browser.get(&format!("{origin}{path}")).await;
            assert_eq!(response.status, 200, "{path}");
            assert!(
                response.header("content-type").starts_with(kind),
                "{response:?}"
            );
            assert_eq!(
                response.header("cache-control"),
                "public, max-age=31536000, immutable"
            );
            assert!(response.set_cookies().is_empty());
        }
    }
    for path in ["/favicon.svg", "/site.js"] {
        let response = browser.get(path).await;
        assert_eq!(
            (response.status, response.header("cache-control")),
            (200, "public, max-age=3600")
        );
    }
}

#[tokio::test]
async fn vendors_sdks_are_asked_for_again_and_stay_off_the_login_origin() {
    let app = TestApp::start().await;
    built(&app);
    let browser = app.anonymous();
    let on_site = |path: &str| format!("{}{path}", app.site_origin());
    let response = browser.get(&on_site("/sdk/vendor.js")).await;
    assert_eq!(response.status, 200);
    assert!(
        response
            .header("content-type")
            .starts_with("text/javascript")
    );
    assert_eq!(response.header("cache-control"), "no-cache");
    for path in ["/sdk/none.js", "/sdk/", "/sdk/%2e%2e/assets.json"] {
        assert_eq!(browser.get(&on_site(path)).await.status, 404, "{path}");
    }
    assert_eq!(browser.get("/sdk/vendor.js").await.status, 404);
}

#[tokio::test]
async fn a_missing_file_is_missing_and_not_remembered() {
    let app = TestApp::start().await;
    built(&app);
    let browser = app.signed_in().await;
    for path in [
        "/pkg/old.js",
        "/pkg/app.abc.js.map",
        "/account/x.css",
        "/account/site.js",
    ] {
        let response = browser.get(path).await;
        assert_eq!(response.status, 404, "{path}");
        assert!(
            response.header("cache-control").starts_with("no-store"),
            "{path}"
        );
        assert!(!response.body.contains("Dana"), "{path}");
    }
}

#[tokio::test]
async fn nothing_else_of_the_machine_is_served() {
    let app = TestApp::start().await;
    built(&app);
    let browser = app.anonymous();
    for path in [
        "/pkg/",
        "/pkg/folder/",
        "/assets.json",
        "/.env",
        "/.git/config",
        "/target/site/site.js",
        "/test.db",
        "/api/",
        "/api",
        "/Cargo.toml",
    ] {
        for origin in [app.login_origin(), app.site_origin()] {
            assert_eq!(
                browser.get(&format!("{origin}{path}")).await.status,
                404,
                "{path}"
            );
        }
    }
}

#[tokio::test]
async fn compressed_copies_go_to_clients_that_accept_them() {
    let app = TestApp::start().await;
    built(&app);
    let site = app.folder.path().join("site");
    fs::write(site.join("pkg/app.abc.js.br"), "brotli").unwrap();
    fs::write(site.join("pkg/app.abc.js.gz"), "gzip").unwrap();
    let browser = app.anonymous();
    for (accepted, coding, body) in [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip, br;q=0", "gzip", "gzip"),
        ("identity", "", "/* 1 */"),
    ] {
        let request = browser.request(Method::GET, "/pkg/app.abc.js");
        let response = browser
            .send(request.header("accept-encoding", accepted))
            .await;
        assert_eq!(response.status, 200);
        assert_eq!(response.header("content-encoding"), coding, "{accepted}");
        assert_eq!(response.header("vary"), "accept-encoding");
        assert!(
            response
                .header("content-type")
                .starts_with("text/javascript")
        );
        assert_eq!(response.body, body);
    }
}

#[tokio::test]
async fn a_file_that_has_not_changed_is_not_sent_again() {
    let app = TestApp::start().await;
    built(&app);
    let browser = app.anonymous();
    let etag = browser.get("/site.js").await.header("etag").to_owned();
    let again = async || {
        let request = browser.request(Method::GET, "/site.js");
        browser.send(request.header("if-none-match", &etag)).await
    };
    let response = again().await;
    assert_eq!((response.status, response.body.as_str()), (304, ""));
    assert_eq!(response.header("cache-control"), "public, max-age=3600");
    fs::write(app.folder.path().join("site/site.js"), "{ }").unwrap();
    assert_eq!(again().await.status, 200);
}
