//! `/latchkey.js`: small, without dependencies, and the same for everyone.

use reqwest::Method;

use crate::{harness::TestApp, http::headers::assert_headers};

#[tokio::test]
async fn the_script_comes_in_the_form_that_is_compressed_best() {
    let app = TestApp::start().await;
    for (path, encoding) in [
        ("/latchkey.js", "gzip, deflate, br, zstd"),
        ("/latchkey.mjs", "br"),
    ] {
        let request = app
            .anonymous()
            .client
            .get(format!("{}{path}", app.login_origin()));
        let response = request
            .header("accept-encoding", encoding)
            .send()
            .await
            .unwrap();
        assert_eq!(response.headers()["content-encoding"], "br");
        assert_eq!(response.headers()["vary"], "accept-encoding");
    }
}

#[tokio::test]
async fn browsers_without_brotli_get_the_same_script() {
    let app = TestApp::start().await;
    let url = format!("{}/latchkey.js", app.login_origin());
    let client = app.anonymous().client;
    let gzip = client.get(&url).header("accept-encoding", "gzip");
    let gzip = gzip.send().await.unwrap();
    assert_eq!(gzip.headers()["content-encoding"], "gzip");
    for refusal in ["identity", "br;q=0"] {
        let plain = client.get(&url).header("accept-encoding", refusal);
        let plain = plain.send().await.unwrap();
        assert!(plain.headers().get("content-encoding").is_none());
        assert!(plain.text().await.unwrap().ends_with("})();"));
    }
}

#[tokio::test]
async fn other_origins_may_load_it_and_no_one_may_read_more() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let request = browser
        .request(Method::GET, "/latchkey.js")
        .header("origin", app.site_origin());
    let response = browser
        .send(request.header("sec-fetch-site", "same-site"))
        .await;
    assert_eq!(response.status, 200);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cache-control", "public, max-age=300"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", ""),
        ("set-cookie", ""),
    ] {
        assert_eq!(response.header(name), value, "{name}");
    }
    assert_eq!(
        response.body,
        app.anonymous().get("/latchkey.js").await.body
    );
    assert!(!response.body.contains("Dana") && !response.body.contains("demo@"));
}

#[tokio::test]
async fn it_knows_this_deployment_and_needs_nothing_else() {
    let app = TestApp::start().await;
    let script = app.anonymous().get("/latchkey.js").await.body;
    assert!(script.contains(&format!("\"{}\"", app.login_origin())));
    assert!(script.contains("\"latchkey.localhost\""));
    assert!(!script.contains("__"), "a name is not filled in");
    for dependency in [
        "import ",
        "import(",
        "require(",
        "XMLHttpRequest",
        "eval(",
        "innerHTML",
        "<script",
    ] {
        assert!(!script.contains(dependency), "{dependency}");
    }
    assert!(script.contains("origin !== LOGIN"));
    assert!(!script.contains("\"*\""), "a message to anybody");
    assert_eq!(script.matches("fetch(").count(), 2);
    assert!(script.contains("fetch(`${LOGIN}/api/handoff/"));
    assert!(script.contains("fetch(LOGIN + path,"));
    assert!(
        !script.contains("/*") && !script.contains("\n//"),
        "comments"
    );
}

#[tokio::test]
async fn the_module_is_the_same_script_with_exports() {
    let app = TestApp::start().await;
    let script = app.anonymous().get("/latchkey.js").await;
    let module = app.anonymous().get("/latchkey.mjs").await;
    let exports = module.body.strip_prefix(&script.body).unwrap();
    assert!(exports.contains("export const { signIn, signOut, on, widget } = Latchkey;"));
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", "*"),
        ("access-control-allow-credentials", ""),
    ] {
        assert_eq!(module.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn its_types_are_beside_it() {
    let app = TestApp::start().await;
    let types = app.anonymous().get("/latchkey.d.ts").await;
    assert_eq!(
        (types.status, types.header("content-type")),
        (200, "text/plain; charset=utf-8")
    );
    for name in [
        "signIn",
        "signOut",
        "widget",
        "signedin",
        "renewed",
        "signedout",
        "expired",
        "error",
    ] {
        assert!(types.body.contains(name), "{name}");
    }
}

#[tokio::test]
async fn both_have_the_security_headers_and_may_be_kept() {
    let app = TestApp::start().await;
    for path in ["/latchkey.js", "/latchkey.d.ts"] {
        let response = app.anonymous().get(path).await;
        assert_headers(path, &response);
        assert_eq!(response.header("cache-control"), "public, max-age=300");
        let policy = response.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'");
    }
}

#[tokio::test]
async fn it_is_only_read() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    assert_eq!(browser.post("/latchkey.js", &[]).await.status, 405);
    let head = browser
        .send(browser.request(Method::HEAD, "/latchkey.js"))
        .await;
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}
