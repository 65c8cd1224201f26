//! `/latchkey.js`: small, alone, and the same for everybody.

use reqwest::Method;

use crate::harness::TestApp;

const KIBIBYTES: usize = 1024;

#[tokio::test]
async fn the_script_is_small_once_compressed() {
    let app = TestApp::start().await;
    for encoding in ["gzip", "br"] {
        let request = app
            .anonymous()
            .client
            .get(format!("{}/latchkey.js", app.login_origin()));
        let answer = request
            .header("accept-encoding", encoding)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.headers()["content-encoding"], encoding);
        let size = answer.bytes().await.unwrap().len();
        assert!(
            (500..3 * KIBIBYTES).contains(&size),
            "{encoding}: {size} bytes"
        );
    }
}

#[tokio::test]
async fn other_origins_may_load_it_and_nobody_may_read_more() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let request = browser
        .request(Method::GET, "/latchkey.js")
        .header("origin", app.site_origin());
    let answer = browser
        .send(request.header("sec-fetch-site", "same-site"))
        .await;
    assert_eq!(answer.status, 200);
    for (name, value) in [
        ("content-type", "text/javascript; charset=utf-8"),
        ("cache-control", "public, max-age=300"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("access-control-allow-origin", ""),
        ("set-cookie", ""),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(answer.body, app.anonymous().get("/latchkey.js").await.body);
    assert!(!answer.body.contains("Dana") && !answer.body.contains("demo@"));
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
        "fetch(",
        "XMLHttpRequest",
        "eval(",
        "innerHTML",
        "<script",
    ] {
        assert!(!script.contains(dependency), "{dependency}");
    }
    assert!(script.contains("origin !== LOGIN"));
    assert!(!script.contains("\"*\""), "a message to anybody");
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
        "signedin",
        "signedout",
        "expired",
        "error",
    ] {
        assert!(types.body.contains(name), "{name}");
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
