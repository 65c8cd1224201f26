//! What all HTML pages have in common.

use crate::harness::Sandbox;

#[tokio::test]
async fn every_page_carries_the_security_headers() {
    let sandbox = Sandbox::start().await;
    let first = sandbox.get("/").await.body;
    let mut paths = pages_in(&first);
    assert!(paths.len() > 2, "{first}");
    paths.extend(["/", "/no-such-page"]);
    for path in paths {
        let reply = sandbox.get(path).await;
        let policy = reply.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-inline"), "{path}: {policy}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(reply.header("referrer-policy"), "no-referrer", "{path}");
        assert!(
            reply.body.starts_with("<!DOCTYPE html><html lang=\"en\">"),
            "{path}"
        );
    }
}

/// The pages that a page links to.
fn pages_in(html: &str) -> Vec<&str> {
    let links = html.split("href=\"").skip(1);
    let targets = links.filter_map(|rest| rest.split('"').next());
    targets
        .filter(|target| target.starts_with('/') && !target.contains('.'))
        .collect()
}

#[tokio::test]
async fn an_unknown_address_is_a_404() {
    assert_eq!(
        Sandbox::start().await.get("/no-such-page").await.status,
        404
    );
}

#[tokio::test]
async fn the_first_page_links_every_service() {
    let page = Sandbox::start().await.get("/").await.body;
    for link in [
        "href=\"/sso\"",
        "href=\"/mailbox\"",
        "http://www.latchkey.localhost:3000",
    ] {
        assert!(page.contains(link), "{link}");
    }
}

#[tokio::test]
async fn the_stylesheet_is_css() {
    let reply = Sandbox::start().await.get("/assets/sandbox.css").await;
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
}
