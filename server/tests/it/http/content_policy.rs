//! The Content Security Policy of every page, and that the page complies with it.

use std::collections::{BTreeMap, HashSet};

use super::pages;
use crate::harness::{Response, TestApp};

type Policy<'a> = BTreeMap<&'a str, Vec<&'a str>>;

fn policy(response: &Response) -> Policy<'_> {
    let header = response.header("content-security-policy");
    header
        .split(';')
        .filter_map(|directive| {
            let mut words = directive.split_ascii_whitespace();
            Some((words.next()?, words.collect()))
        })
        .collect()
}

fn nonce<'a>(policy: &Policy<'a>) -> &'a str {
    let nonces = policy["script-src"]
        .iter()
        .filter_map(|source| source.strip_prefix("'nonce-")?.strip_suffix('\''));
    let nonces: Vec<&str> = nonces.collect();
    assert_eq!(nonces.len(), 1, "{policy:?}");
    nonces[0]
}

#[tokio::test]
async fn pages_load_from_us_and_the_vendors_and_nothing_inline_without_a_nonce() {
    let app = TestApp::start().await;
    for (what, page) in pages::all(&app).await {
        let policy = policy(&page);
        for (directive, sources) in [
            ("default-src", "'none'"),
            ("base-uri", "'none'"),
            ("frame-ancestors", "'none'"),
            ("style-src", "'self'"),
        ] {
            assert_eq!(policy[directive], [sources], "{what}: {directive}");
        }
        for forbidden in [
            "'unsafe-inline'",
            "'unsafe-eval'",
            "*",
            "http:",
            "https:",
            "data:",
        ] {
            let sources = &policy["script-src"];
            assert!(!sources.contains(&forbidden), "{what}: {sources:?}");
        }
        let (login, site) = (app.login_origin(), app.site_origin());
        let (scripts, forms) = if what == "site" {
            (vec![app.sandbox.url(), &login], vec!["'self'", &login])
        } else {
            (vec![], vec!["'self'", &site])
        };
        let nonce = format!("'nonce-{}'", nonce(&policy));
        let own = vec![nonce.as_str(), "'self'", "'wasm-unsafe-eval'"];
        assert_eq!(
            policy["script-src"],
            [own, scripts.clone()].concat(),
            "{what}"
        );
        assert_eq!(
            policy["connect-src"],
            [vec!["'self'"], scripts].concat(),
            "{what}"
        );
        assert_eq!(policy["form-action"], forms, "{what}");
    }
}

#[tokio::test]
async fn every_script_of_a_page_carries_its_nonce_and_nothing_else_runs() {
    let app = TestApp::start().await;
    let mut scripts = 0;
    for (what, page) in pages::all(&app).await {
        let nonce = nonce(&policy(&page)).to_owned();
        assert!(!page.body.contains("<script>"), "{what}");
        for script in pages::attributes(&page.body, "script", "nonce") {
            assert_eq!(script, Some(nonce.as_str()), "{what}");
            scripts += 1;
        }
        let html = page
            .body
            .split("<script")
            .map(|part| part.rsplit_once("</script>").map_or(part, |(_, html)| html));
        let html = html.collect::<String>().to_ascii_lowercase();
        for inline in [
            "<style",
            " style=",
            "javascript:",
            " onclick=",
            " onload=",
            " onerror=",
        ] {
            assert!(!html.contains(inline), "{what}: {inline}");
        }
    }
    assert!(scripts > 0);
}

#[tokio::test]
async fn no_two_responses_share_a_nonce() {
    let app = TestApp::start().await;
    let mut nonces = HashSet::new();
    for _ in 0..2 {
        for (what, page) in pages::all(&app).await {
            let nonce = nonce(&policy(&page)).to_owned();
            assert!(nonce.len() >= 22, "{what}: {nonce}");
            assert!(nonces.insert(nonce), "{what}");
        }
    }
}

#[tokio::test]
async fn what_is_no_page_may_load_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for path in ["/account", "/health/live", "/pkg/none.js"] {
        let response = browser.get(path).await;
        let policy = response.header("content-security-policy");
        assert_eq!(
            policy, "default-src 'none'; frame-ancestors 'none'",
            "{path}"
        );
    }
}
