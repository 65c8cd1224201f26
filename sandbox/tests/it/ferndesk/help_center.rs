//! The help center under its own host name.

use reqwest::{Method, RequestBuilder};
use serde_json::json;

use super::{dana, dana_with, signed};
use crate::harness::{NOW, Reply, Sandbox};

impl Sandbox {
    fn help_host(&self) -> String {
        format!("help.latchkey.localhost:{}", self.running.http.port())
    }

    fn help(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("host", self.help_host())
    }

    async fn read(&self, path: &str, cookie: &str) -> Reply {
        Reply::of(self.help(Method::GET, path).header("cookie", cookie)).await
    }

    /// Identifies on a page of the help center and returns the cookie of the response.
    async fn help_cookie(&self, token: &str) -> String {
        let call = self
            .help(Method::POST, "/ferndesk/api/identify")
            .header("origin", format!("http://{}", self.help_host()))
            .json(&json!({ "widgetId": "wg_demo", "token": token }));
        let reply = Reply::of(call).await;
        let cookie = reply.header("set-cookie").to_owned();
        assert!(
            cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
            "{cookie}"
        );
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn make_private(&self) {
        self.change_ferndesk(&json!({ "private": true })).await;
    }
}

#[tokio::test]
async fn its_host_shows_articles_and_the_widget() {
    let sandbox = Sandbox::start().await;
    let page = sandbox.read("/", "").await;
    assert_eq!(page.status, 200);
    for text in [
        "href=\"/articles/getting-started\"",
        "data-widget-id=\"wg_demo\"",
        "data-token-url=\"http://login.latchkey.localhost:3000/api/ferndesk-token\"",
    ] {
        assert!(page.body.contains(text), "{text}");
    }
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let article = sandbox.read("/articles/getting-started", "").await;
    assert!(article.body.contains("<h1>Getting started</h1>"));
    assert_eq!(sandbox.read("/articles/no-such", "").await.status, 404);
    for path in ["/help.css", "/help.js", "/ferndesk/sdk.js"] {
        assert_eq!(sandbox.read(path, "").await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn each_host_has_only_its_own_pages() {
    let sandbox = Sandbox::start().await;
    for path in ["/ferndesk", "/knoon", "/mailbox"] {
        assert_eq!(sandbox.read(path, "").await.status, 404, "{path}");
    }
    assert_eq!(sandbox.get("/articles/getting-started").await.status, 404);
    let shouted = sandbox
        .request(Method::GET, "/sign-in")
        .header("host", sandbox.help_host().to_uppercase());
    assert_eq!(Reply::of(shouted).await.status, 303);
}

#[tokio::test]
async fn a_private_help_center_asks_strangers_to_sign_in() {
    let sandbox = Sandbox::start().await;
    sandbox.make_private().await;
    for path in ["/", "/articles/getting-started", "/articles/no-such"] {
        for cookie in ["", "ferndesk=", "ferndesk=a.b.c", "other=1"] {
            let reply = sandbox.read(path, cookie).await;
            assert_eq!(
                (reply.status, reply.header("location")),
                (303, "/sign-in"),
                "{path} {cookie}"
            );
        }
    }
    let notice = sandbox.read("/sign-in", "").await;
    assert_eq!(notice.status, 401);
    assert!(notice.body.contains("JWT") && notice.body.contains("data-leads-on"));
}

#[tokio::test]
async fn a_private_help_center_admits_whom_the_widget_identified_there() {
    let sandbox = Sandbox::start().await;
    sandbox.make_private().await;
    let cookie = sandbox.help_cookie(&signed(&dana())).await;
    let page = sandbox.read("/", &cookie).await;
    assert!(page.status == 200 && page.body.contains("Dana Demo"));
    assert_eq!(sandbox.read("/sign-in", &cookie).await.status, 303);
}

#[tokio::test]
async fn expiry_and_rotation_end_a_visit() {
    let sandbox = Sandbox::start().await;
    sandbox.make_private().await;
    let cookie = sandbox
        .help_cookie(&signed(&dana_with("exp", json!(NOW + 60))))
        .await;
    assert_eq!(sandbox.read("/", &cookie).await.status, 200);
    sandbox
        .change_ferndesk(&json!({ "secret": "replaced" }))
        .await;
    assert_eq!(sandbox.read("/", &cookie).await.status, 303);
    sandbox
        .change_ferndesk(&json!({ "secret": "configured" }))
        .await;
    sandbox.clock.advance(std::time::Duration::from_secs(60));
    assert_eq!(sandbox.read("/", &cookie).await.status, 303);
}

#[tokio::test]
async fn other_pages_get_no_cookie() {
    let sandbox = Sandbox::start().await;
    let reply = sandbox.identified_by(&signed(&dana())).await;
    assert_eq!((reply.status, reply.header("set-cookie")), (200, ""));
}

#[tokio::test]
async fn signing_out_forgets_the_visitor_but_other_sites_cannot_do_it() {
    let sandbox = Sandbox::start().await;
    let foreign = sandbox
        .help(Method::POST, "/sign-out")
        .header("origin", "http://evil.test");
    assert_eq!(Reply::of(foreign).await.status, 403);
    let reply = Reply::of(sandbox.help(Method::POST, "/sign-out")).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/"));
    let cookie = reply.header("set-cookie");
    assert!(cookie.starts_with("ferndesk=; ") && cookie.ends_with("; Max-Age=0"));
}
