//! Which authorization responses are accepted, from whom, and how often.

use std::{collections::BTreeSet, time::Duration};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use reqwest::Method;
use url::Url;

use super::{
    assert_no_one, begin, callback_url, choose, problem, query, sign_in_as, with_parameter,
};
use crate::harness::{DANA, Log, NO_PROVIDER, PASSWORD, TestApp, status};

/// How often the sandbox was asked to redeem a code.
fn redeemed(app: &TestApp) -> u64 {
    app.sandbox.sso().log().calls.token
}

#[tokio::test]
async fn an_answer_works_in_no_other_browser() {
    let app = TestApp::start().await;
    let attacker = app.anonymous();
    let back = callback_url(&app, &attacker, "vera-verified").await;
    let fresh = app.anonymous();
    let busy = app.anonymous();
    begin(&busy, "/oauth/sso/start").await;
    for victim in [fresh, busy] {
        let response = victim.get(&back).await;
        assert_eq!(response.status, 400);
        assert!(response.body.starts_with("<!DOCTYPE html>"));
        assert_no_one(&app, &victim, "another browser's response").await;
    }
    assert_eq!(redeemed(&app), 0);
    assert_eq!(attacker.get(&back).await.location(), "/account");
}

#[tokio::test]
async fn a_browser_that_keeps_no_cookies_is_told_so() {
    const NO_COOKIES: &str = "Your browser doesn’t keep cookies";
    const EXPIRED: &str = "This sign-in expired";
    let app = TestApp::start().await;
    for start in [
        "/oauth/sso/start",
        "/oauth/sso/start?chatBoxId=cb_demo&receipt=1",
        "/oauth/sso/start?next=%2Fadmin%2Fvisitors",
    ] {
        let url = begin(&app.anonymous(), start).await;
        let back = choose(&app, &url, "vera-verified").await;
        let denied = with_parameter(&back, "code", None) + "&error=access_denied";
        let stateless = with_parameter(&back, "state", None);
        for (back, cookie, expected) in [
            (&back, None, NO_COOKIES),
            (&denied, None, NO_COOKIES),
            (&stateless, None, EXPIRED),
            (&back, Some("theme"), EXPIRED),
            (&back, Some("latchkey-oauth"), EXPIRED),
        ] {
            let browser = app.anonymous();
            if let Some(name) = cookie {
                browser.set_cookie(name, "dark");
            }
            let response = browser.get(back).await;
            let what = format!("{start}, {cookie:?}: {}", response.body);
            assert_eq!(response.status, 400, "{what}");
            assert!(
                response.body.contains(&format!("<h1>{expected}</h1>")),
                "{what}"
            );
            assert!(response.body.contains("href=\"/login\""), "{what}");
        }
    }
    assert_eq!(redeemed(&app), 0);
}

#[tokio::test]
async fn only_the_very_state_is_taken() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let state = query(&Url::parse(&back).unwrap(), "state");
    let other_case: String = state
        .chars()
        .map(|c| {
            if c.is_lowercase() {
                c.to_ascii_uppercase()
            } else {
                c.to_ascii_lowercase()
            }
        })
        .collect();
    let longer = format!("{state}A");
    for wrong in [
        None,
        Some(""),
        Some(&state[..42]),
        Some(&other_case),
        Some(&longer),
    ] {
        let response = browser.get(&with_parameter(&back, "state", wrong)).await;
        assert_eq!(response.status, 400, "{wrong:?}");
    }
    assert_no_one(&app, &browser, "a wrong state").await;
    assert_eq!(redeemed(&app), 0);
    assert_eq!(browser.get(&back).await.location(), "/account");
}

#[tokio::test]
async fn an_answer_is_good_for_once() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    assert_eq!(browser.get(&back).await.status, 303);
    assert_eq!(browser.get(&back).await.location(), "/account");
    browser.post("/logout", &[]).await;
    assert_eq!(browser.get(&back).await.status, 400);
    assert!(!browser.is_signed_in().await);
    assert_eq!(redeemed(&app), 1);
}

#[tokio::test]
async fn an_answer_that_is_loaded_again_leads_to_where_it_led() {
    for (flow, end) in [
        ("", "/account"),
        ("?next=%2Faccount", "/account"),
        (
            "?chatBoxId=cb_demo&receipt=1",
            "/handoff?chatBoxId=cb_demo&receipt=1",
        ),
    ] {
        for persona in ["vera-verified", "cancel"] {
            let app = TestApp::start().await;
            let browser = app.anonymous();
            let url = begin(&browser, &format!("/oauth/sso/start{flow}")).await;
            let back = choose(&app, &url, persona).await;
            browser.get(&back).await;
            let again = browser.get(&back).await;
            if persona == "cancel" {
                assert_eq!(again.status, 400, "{flow}");
                let popup = again.body.contains("name=\"chatBoxId\" value=\"cb_demo\"");
                assert_eq!(popup, flow.contains("chatBoxId"), "the flow goes on");
                assert!(again.body.contains("Try again."));
            } else {
                assert_eq!((again.status, again.location()), (303, end), "{flow}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_over_goes_on_with_its_flow() {
    const MINUTE: Duration = Duration::from_secs(60);
    for (flow, end) in [
        ("", "/account"),
        ("?next=%2Faccount", "/account"),
        (
            "?chatBoxId=cb_demo&receipt=1",
            "/handoff?chatBoxId=cb_demo&receipt=1",
        ),
    ] {
        for (is_used, late) in [(true, 0), (true, 10), (true, 69), (false, 10), (false, 69)] {
            for is_signed_in in [true, false] {
                let what = format!("{flow} used {is_used} late {late} {is_signed_in}");
                let app = TestApp::start().await;
                let browser = app.anonymous();
                let url = begin(&browser, &format!("/oauth/sso/start{flow}")).await;
                let back = choose(&app, &url, "cancel").await;
                if is_used {
                    browser.get(&back).await;
                }
                app.clock.advance(MINUTE * late);
                app.sweeper.sweep().await.unwrap();
                if is_signed_in {
                    browser.sign_in(DANA, PASSWORD).await;
                }
                let log = Log::capture();
                let over = browser.get(&back).await;
                if is_signed_in {
                    assert_eq!((over.status, over.location()), (303, end), "{what}");
                } else {
                    assert_eq!(over.status, 400, "{what}");
                    assert!(over.body.contains("Try again."), "{what}");
                    let popup = over.body.contains("name=\"chatBoxId\" value=\"cb_demo\"");
                    assert_eq!(popup, flow.contains("chatBoxId"), "{what}");
                    assert!(log.text().contains("the sign-in took too long"), "{what}");
                    assert_no_one(&app, &browser, &what).await;
                }
                app.clock.advance(MINUTE * (70 - late));
                let forgotten = browser.get(&back).await;
                assert_eq!(forgotten.status, 400, "{what}");
                assert!(forgotten.body.contains("This sign-in expired"), "{what}");
                app.sweeper.sweep().await.unwrap();
                assert_eq!(app.count("SELECT COUNT(*) FROM oauth_flows").await, 0);
            }
        }
    }
}

#[tokio::test]
async fn of_many_equal_answers_at_once_one_is_taken() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let responses = join_all((0..8).map(|_| browser.get(&back))).await;
    let mut statuses: Vec<u16> = responses.iter().map(|response| response.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 400, 400, 400, 400, 400, 400, 400]);
    assert_eq!(redeemed(&app), 1);
    let sessions = "SELECT COUNT(*) FROM sessions WHERE user_id IS NOT NULL";
    assert_eq!(app.count(sessions).await, 1);
}

#[tokio::test]
async fn after_ten_minutes_it_is_too_late() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    app.clock.advance(Duration::from_secs(10 * 60));
    assert_eq!(browser.get(&back).await.status, 400);
    assert_no_one(&app, &browser, "a late response").await;
    assert_eq!(redeemed(&app), 0);
}

#[tokio::test]
async fn what_an_answer_says_beside_changes_nothing() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start?chatBoxId=cb_demo").await;
    let back = choose(&app, &url, "vera-verified").await;
    let extra = "&chatBoxId=cb_partner&next=https://evil.test&receipt=1&redirect_uri=https://evil.test&link=x";
    let response = browser.get(&format!("{back}{extra}")).await;
    assert_eq!(response.location(), "/handoff?chatBoxId=cb_demo");
}

#[tokio::test]
async fn every_start_has_its_own_state_nonce_and_challenge_and_no_verifier() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let mut seen = BTreeSet::new();
    for _ in 0..3 {
        let url = begin(&browser, "/oauth/sso/start").await;
        assert_eq!(query(&url, "code_challenge_method"), "S256");
        assert_eq!(query(&url, "response_type"), "code");
        assert_eq!(query(&url, "client_id"), "latchkey-demo");
        let callback = format!("{}/oauth/sso/callback", app.login_origin());
        assert_eq!(query(&url, "redirect_uri"), callback);
        for name in ["state", "nonce", "code_challenge"] {
            let value = query(&url, name);
            assert_eq!(URL_SAFE_NO_PAD.decode(&value).unwrap().len(), 32, "{name}");
            assert!(seen.insert(value), "{name} comes twice");
        }
        assert!(!url.as_str().contains("verifier") && !url.as_str().contains("secret"));
    }
}

#[tokio::test]
async fn an_error_of_another_issuer_is_not_the_providers_word() {
    let app = TestApp::start().await;
    for (issuer, expected) in [
        (Some(app.sandbox.sso().issuer()), "provider-denied"),
        (Some("https://other-issuer.example"), "provider-failed"),
        (None, "provider-failed"),
    ] {
        let browser = app.anonymous();
        let back = callback_url(&app, &browser, "cancel").await;
        let response = browser.get(&with_parameter(&back, "iss", issuer)).await;
        assert_eq!(problem(&response), expected, "{issuer:?}");
    }
}

#[tokio::test]
async fn who_cancels_is_back_at_the_login_with_the_flow() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start?chatBoxId=cb_demo&receipt=1").await;
    let back = choose(&app, &url, "cancel").await;
    let script = Some("<script>alert(1)</script>");
    let back = with_parameter(&back, "error_description", script);
    let response = browser.get(&back).await;
    let login = "/login?chatBoxId=cb_demo&receipt=1&problem=provider-denied";
    assert_eq!((response.status, response.location()), (303, login));
    let page = browser.get(login).await;
    assert!(!page.body.contains("alert(1)"));
    assert!(page.body.contains("name=\"chatBoxId\" value=\"cb_demo\""));
    assert_eq!(browser.get(&back).await.status, 400, "the flow is over");
    assert_no_one(&app, &browser, "a refusal").await;
}

#[tokio::test]
async fn a_code_that_is_none_is_never_sent_on() {
    let app = TestApp::start().await;
    let long = "x".repeat(10_000);
    for code in [
        None,
        Some(""),
        Some(&*long),
        Some("a\r\nx-evil: 1"),
        Some("a\0b"),
        Some("ä"),
    ] {
        let browser = app.anonymous();
        let back = callback_url(&app, &browser, "vera-verified").await;
        let response = browser.get(&with_parameter(&back, "code", code)).await;
        assert_eq!(problem(&response), "provider-failed", "{code:?}");
        assert_no_one(&app, &browser, "a bad code").await;
    }
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    for twice in [
        "code=b",
        "state=b",
        "iss=b",
        "error=access_denied&error=x",
        "token=t",
    ] {
        let response = browser.get(&format!("{back}&{twice}")).await;
        assert!([400, 303].contains(&response.status), "{twice}");
        assert_no_one(&app, &browser, twice).await;
    }
    assert_eq!(redeemed(&app), 0);
}

#[tokio::test]
async fn a_hand_written_line_break_adds_no_header() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/sso/start").await;
    let cookie = browser.cookie("latchkey-oauth").unwrap();
    let (host, state) = (app.login_host(), query(&url, "state"));
    let response = app
        .raw(format!(
            "GET /oauth/sso/callback?state={state}&code=a%0d%0ax-evil:%201 HTTP/1.1\r\nhost: {host}\r\n\
             cookie: latchkey-oauth={cookie}\r\nconnection: close\r\n\r\n"
        ))
        .await;
    assert_eq!(status(&response), 303, "{response}");
    assert!(!response.contains("x-evil"), "{response}");
    assert_eq!(redeemed(&app), 0);
}

#[tokio::test]
async fn a_provider_that_was_turned_off_answers_nothing_and_leaves_sessions_alone() {
    let app = TestApp::start().await;
    let user = app.anonymous();
    sign_in_as(&app, &user, "vera-verified").await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let (restarted, _tasks) = app.restarted(&NO_PROVIDER).await;
    for name in ["latchkey-oauth", "latchkey"] {
        if let Some(value) = browser.cookie(name) {
            restarted.set_cookie(name, &value);
        }
    }
    let path = Url::parse(&back).unwrap();
    let path = format!("{}?{}", path.path(), path.query().unwrap());
    assert_eq!(restarted.get(&path).await.status, 404);
    assert_eq!(restarted.get("/oauth/sso/start").await.status, 404);
    assert_eq!(restarted.post("/oauth/sso/callback", &[]).await.status, 404);
    assert!(!restarted.get("/login").await.body.contains("/oauth/"));
    restarted.set_cookie("latchkey", &user.session());
    assert!(restarted.is_signed_in().await);
}

#[tokio::test]
async fn an_answer_that_comes_as_a_form_is_asked_for_once_more_with_the_cookies() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    let back = callback_url(&app, &browser, "vera-verified").await;
    let fields = Url::parse(&back).unwrap().query().unwrap().to_owned();
    let provider = app.anonymous();
    let form = |origin: &str, body: &str| {
        let request = provider.request(Method::POST, "/oauth/sso/callback");
        let request = request
            .header("origin", origin)
            .header("sec-fetch-site", "cross-site");
        let kind = "application/x-www-form-urlencoded";
        provider.send(request.header("content-type", kind).body(body.to_owned()))
    };
    let response = form("https://appleid.example", &fields).await;
    let again = format!("/oauth/sso/callback?{fields}");
    assert_eq!((response.status, response.location()), (303, &*again));
    assert!(response.set_cookies().is_empty());
    assert_eq!(provider.get(&again).await.status, 400, "without the cookie");
    assert_eq!(browser.get(&again).await.location(), "/account");
    for body in ["state=a b", "state=\r\nx", "state=ä", "state=\u{0}"] {
        assert_eq!(form("https://appleid.example", body).await.status, 400);
    }
}

#[tokio::test]
async fn no_page_and_no_method_but_the_providers_leads_to_an_unknown_one() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for name in ["none", "SSO", "sso%00", "..", "google"] {
        for path in ["start", "callback"] {
            let response = browser.get(&format!("/oauth/{name}/{path}")).await;
            assert_eq!(response.status, 404, "{name} {path}");
        }
        let link = browser.post(&format!("/oauth/{name}/link"), &[]).await;
        assert_eq!(link.status, 404, "{name}");
    }
    assert_eq!(
        browser
            .get("/oauth/sso/start?chatBoxId=cb_none")
            .await
            .status,
        404
    );
}
