//! Where a sign-in through a provider starts and ends, and which parameters survive it.

use std::time::Duration;

use futures_util::future::join_all;

use super::{begin, callback_url, choose, query, sign_in_as};
use crate::harness::{Browser, Response, TestApp};

const COOKIE: &str = "latchkey-oauth";

fn assert_keeps_opener(response: &Response) {
    let policy = response.header("cross-origin-opener-policy");
    assert_eq!(policy, "", "{} {}", response.status, response.location());
}

/// Signs in as a persona from `start`. Returns every response of our server on the way.
async fn hops(app: &TestApp, browser: &Browser, start: &str, persona: &str) -> Vec<Response> {
    let started = browser.get(start).await;
    let url = started.location().parse().unwrap();
    let back = choose(app, &url, persona).await;
    let mut hops = vec![started, browser.get(&back).await];
    while hops.last().unwrap().status == 303 {
        let next = hops.last().unwrap().location().to_owned();
        hops.push(browser.get(&next).await);
    }
    hops
}

#[tokio::test]
async fn a_popup_ends_at_its_last_page_with_everything_it_began_with() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let login = browser.get("/login?chatBoxId=cb_demo&receipt=1").await.body;
    let start = "/oauth/sso/start?chatBoxId=cb_demo&receipt=1";
    assert!(
        login.contains(&format!("href=\"{}\"", start.replace('&', "&amp;"))),
        "{login}"
    );
    let hops = hops(&app, &browser, start, "vera-verified").await;
    assert_eq!(hops[1].location(), "/handoff?chatBoxId=cb_demo&receipt=1");
    hops.iter().for_each(assert_keeps_opener);
}

#[tokio::test]
async fn no_hop_cuts_the_popup_off_wherever_it_leads() {
    let app = TestApp::start().await;
    let start = "/oauth/sso/start?chatBoxId=cb_demo";
    for persona in ["nora-nomail", "mallory-mirror", "cancel"] {
        let hops = hops(&app, &app.anonymous(), start, persona).await;
        let page = hops.last().unwrap();
        assert!(
            page.status == 200 && page.body.contains("cb_demo"),
            "{persona}"
        );
        hops.iter().for_each(assert_keeps_opener);
    }
    let browser = app.anonymous();
    for path in [
        "/oauth/sso/callback?code=a&state=b",
        "/oauth/sso/callback?state=a&state=b",
        "/oauth/none/start",
        "/oauth/sso/start?chatBoxId=cb_none",
        "/finish-account?chatBoxId=cb_demo",
    ] {
        assert_keeps_opener(&browser.get(path).await);
    }
    assert_keeps_opener(&browser.post("/oauth/sso/callback", &[("state", "a")]).await);
    assert_keeps_opener(&browser.post("/oauth/sso/link", &[]).await);
    app.sandbox
        .sso()
        .change(sandbox::sso::DiscoveryFailure::Unavailable);
    app.clock.advance(Duration::from_secs(3600));
    assert_keeps_opener(&browser.get(start).await);
}

#[tokio::test]
async fn in_a_popup_the_password_then_leads_to_its_last_page() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let start = "/oauth/sso/start?chatBoxId=cb_demo";
    let hops = hops(&app, &browser, start, "mallory-mirror").await;
    let login = "/login?chatBoxId=cb_demo&notice=account-exists";
    assert_eq!(hops[1].location(), login);
    let form = [
        ("chatBoxId", "cb_demo"),
        ("email", crate::harness::DANA),
        ("password", crate::harness::PASSWORD),
    ];
    let response = browser.post("/login", &form).await;
    assert_eq!(response.location(), "/handoff?chatBoxId=cb_demo");
    assert_eq!(super::identities(&app).await, 1);
}

#[tokio::test]
async fn popups_of_two_chat_boxes_do_not_mix() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut backs = Vec::new();
    for id in ["cb_demo", "cb_partner"] {
        let url = begin(&browser, &format!("/oauth/sso/start?chatBoxId={id}")).await;
        backs.push((id, choose(&app, &url, "vera-verified").await));
    }
    for (id, back) in backs.iter().rev() {
        let response = browser.get(back).await;
        assert_eq!(response.location(), format!("/handoff?chatBoxId={id}"));
    }
}

#[tokio::test]
async fn after_the_provider_only_our_pages_follow() {
    let app = TestApp::start().await;
    let long = "x".repeat(5000);
    for next in [
        "/account",
        "//evil.test",
        "/\\evil.test",
        "https://evil.test/account",
        "javascript:alert(1)",
        "/.//evil.test",
        "/account%0d%0aLocation:%20//evil.test",
        "/logout",
        "/oauth/sso/start",
        "/api/viewer",
        "%00",
        &long,
    ] {
        let browser = app.anonymous();
        let hops = hops(
            &app,
            &browser,
            &format!("/oauth/sso/start?next={next}"),
            "vera-verified",
        )
        .await;
        assert_eq!(
            (hops[1].status, hops[1].location()),
            (303, "/account"),
            "{next}"
        );
    }
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start?next=/account").await;
    let response = browser.get(&choose(&app, &url, "cancel").await).await;
    assert_eq!(
        response.location(),
        "/login?next=%2Faccount&problem=provider-denied"
    );
    assert_eq!(
        browser.get("/oauth/sso/start?next=a&next=b").await.status,
        400
    );
}

#[tokio::test]
async fn thirty_sign_ins_at_once_in_one_browser_all_end_well() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    begin(&browser, "/oauth/sso/start").await;
    let starts = (0..30).map(|_| callback_url(&app, &browser, "vera-verified"));
    let backs = join_all(starts).await;
    for response in join_all(backs.iter().map(|back| browser.get(back))).await {
        assert_eq!((response.status, response.location()), (303, "/account"));
    }
    assert!(browser.cookie(COOKIE).unwrap().len() < 100);
}

#[tokio::test]
async fn the_oldest_of_too_many_sign_ins_make_room() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_OAUTH_BURST", "1000")]).await;
    let browser = app.anonymous();
    let mut backs = Vec::new();
    for _ in 0..51 {
        let url = begin(&browser, "/oauth/sso/start").await;
        backs.push(format!(
            "/oauth/sso/callback?error=access_denied&state={}",
            query(&url, "state")
        ));
        app.clock.advance(Duration::from_millis(1));
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM oauth_flows").await, 50);
    let stranger = app.anonymous();
    begin(&stranger, "/oauth/sso/start").await;
    assert_eq!(browser.get(&backs[0]).await.status, 400);
    assert_eq!(browser.get(&backs[1]).await.status, 303);
    assert_eq!(browser.get(&backs[50]).await.status, 303);
}

#[tokio::test]
async fn the_cookie_of_the_way_is_one_that_no_other_site_can_set_or_read() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let response = browser.get("/oauth/sso/start").await;
    let cookies = response.sorted_cookies();
    let (value, attributes) = cookies[0].split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; Path=/; SameSite=Lax");
    assert_eq!((cookies.len(), value.len()), (1, COOKIE.len() + 1 + 43));
    let first = browser.cookie(COOKIE);
    begin(&browser, "/oauth/sso/start").await;
    assert_eq!(
        browser.cookie(COOKIE),
        first,
        "sign-ins under way would be lost"
    );
    for planted in ["", "x", &"y".repeat(44), &"$".repeat(43)] {
        browser.set_cookie(COOKIE, planted);
        let response = sign_in_as(&app, &browser, "vera-verified").await;
        assert_eq!(response.location(), "/account", "{planted}");
    }
}

#[tokio::test]
async fn who_begins_too_often_waits_and_no_one_else_does() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_OAUTH_BURST", "2")]).await;
    let browser = app.anonymous();
    for _ in 0..2 {
        begin(&browser, "/oauth/sso/start").await;
    }
    let dana = app.signed_in().await;
    for refused in [
        browser.get("/oauth/sso/start").await,
        dana.post("/oauth/sso/link", &[]).await,
    ] {
        assert_eq!((refused.status, refused.header("retry-after")), (429, "2"));
    }
    begin(&Browser::at(app.addr, "127.0.0.9"), "/oauth/sso/start").await;
    app.clock.advance(Duration::from_secs(2));
    begin(&browser, "/oauth/sso/start").await;
}
