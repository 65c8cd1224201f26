//! The hand-off without an opener. A code can be redeemed for the credential once, within a minute, by the
//! page that has its verifier. Any other attempt fails and ends the code.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use server::{database::query, handoff::ChatBox};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    harness::{Browser, PASSWORD, RIVA, Response, TestApp},
    vendors::{self, exchanges},
};

/// The verifier of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(super) const FORM: [(&str, &str); 2] = [("chatBoxId", "cb_demo"), ("challenge", CHALLENGE)];

/// Consents, and submits the form of the popup's last page.
pub(super) async fn send_form(browser: &Browser, form: &[(&str, &str)]) -> Response {
    let agreed = browser.post("/continue", form).await;
    assert_eq!(agreed.status, 303, "{}", agreed.body);
    browser.post("/handoff/code", form).await
}

/// The URL to which the response to the form sends the browser. It is no redirect: browsers would apply the
/// `form-action` of the form's page to wherever the return page redirects.
#[track_caller]
pub(super) fn target(response: &Response) -> Url {
    assert_eq!(response.status, 200, "{}", response.body);
    let target = response.header("refresh").strip_prefix("0; url=").unwrap();
    assert!(
        response.body.contains("latchkey_code="),
        "{}",
        response.body
    );
    Url::parse(target).unwrap()
}

/// The code in that URL.
#[track_caller]
pub(super) fn code_in(response: &Response) -> String {
    let fragment = target(response).fragment().unwrap().to_owned();
    let (_, code) = fragment.split_once("latchkey_code=").unwrap();
    code.split('&').next().unwrap().to_owned()
}

async fn code(app: &TestApp) -> String {
    code_in(&send_form(&app.signed_in().await, &FORM).await)
}

fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Redeems as a page of `origin` does.
async fn redeem_from(app: &TestApp, origin: &str, form: &[(&str, &str)]) -> Response {
    let browser = app.anonymous();
    let request = browser
        .request(Method::POST, "/api/handoff/redeem")
        .header("origin", origin)
        .header("sec-fetch-site", "same-site");
    browser.send(request.form(form)).await
}

/// Redeems as the demo's return page does.
pub(super) async fn redeem(app: &TestApp, code: &str, verifier: &str) -> Response {
    let form = [
        ("chatBoxId", "cb_demo"),
        ("code", code),
        ("verifier", verifier),
    ];
    redeem_from(app, &app.site_origin(), &form).await
}

#[track_caller]
pub(super) fn assert_refused(response: &Response) {
    let expected = (400, r#"{"status":"bad_request"}"#);
    assert_eq!((response.status, response.body.as_str()), expected);
    assert_eq!(response.header("cache-control"), "no-store");
}

pub async fn codes(app: &TestApp) -> i64 {
    app.count("SELECT COUNT(*) FROM handoff_codes").await
}

#[tokio::test]
async fn the_code_leads_to_the_credential_on_the_return_page() {
    let app = TestApp::start().await;
    let sent = send_form(&app.signed_in().await, &FORM).await;
    let code = code_in(&sent);
    assert_eq!(code.len(), 43);
    let url = format!(
        "{}/#latchkey_code={code}&chatBoxId=cb_demo&challenge={CHALLENGE}",
        app.site_origin()
    );
    assert_eq!(target(&sent).as_str(), url);
    assert!(!sent.body.contains("eyJ"), "{}", sent.body);

    let response = redeem(&app, &code, VERIFIER).await;
    assert_eq!(response.status, 200, "{}", response.body);
    let data = &response.json()["data"];
    assert!(data["jwt"].as_str().unwrap().starts_with("eyJ"));
    assert!(!data["expiresAt"].is_null());
    assert_eq!(data["chatBoxId"], "cb_demo");
    assert_eq!(data["domain"], ".latchkey.localhost");
    for (name, value) in [
        ("access-control-allow-origin", app.site_origin().as_str()),
        ("access-control-allow-credentials", ""),
        ("cache-control", "no-store"),
        ("set-cookie", ""),
    ] {
        assert_eq!(response.header(name), value, "{name}");
    }
    assert!(response.header("vary").contains("Origin"), "{response:?}");
}

#[tokio::test]
async fn a_code_is_good_for_once() {
    let app = TestApp::start().await;
    let code = code(&app).await;
    assert_eq!(redeem(&app, &code, VERIFIER).await.status, 200);
    assert_refused(&redeem(&app, &code, VERIFIER).await);
    assert_eq!(exchanges(&app), 1);
}

#[tokio::test]
async fn of_many_at_once_one_gets_it() {
    let app = TestApp::start().await;
    let code = code(&app).await;
    let tries = (0..16).map(|_| redeem(&app, &code, VERIFIER));
    let responses = futures_util::future::join_all(tries).await;
    let granted = responses
        .iter()
        .filter(|response| response.status == 200)
        .count();
    assert_eq!(granted, 1);
    for response in responses.iter().filter(|response| response.status != 200) {
        assert_refused(response);
    }
}

#[tokio::test]
async fn a_code_ends_after_a_minute_and_is_swept_away() {
    let app = TestApp::start().await;
    let in_time = code(&app).await;
    let (late, forgotten) = (code(&app).await, code(&app).await);
    assert_ne!(late, forgotten);
    app.clock.advance(Duration::from_secs(59));
    assert_eq!(redeem(&app, &in_time, VERIFIER).await.status, 200);
    app.clock.advance(Duration::from_secs(1));
    assert_refused(&redeem(&app, &late, VERIFIER).await);
    app.sweeper.sweep().await.unwrap();
    assert_eq!(codes(&app).await, 0);
}

#[tokio::test]
async fn a_code_ends_with_the_session_that_it_was_issued_in() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let code = code_in(&send_form(&browser, &FORM).await);
    let other = code_in(&send_form(&app.signed_in().await, &FORM).await);
    assert_eq!(browser.post("/logout", &[]).await.status, 303);
    assert_eq!(codes(&app).await, 1);
    assert_refused(&redeem(&app, &code, VERIFIER).await);
    assert_eq!(redeem(&app, &other, VERIFIER).await.status, 200);
}

#[tokio::test]
async fn a_stolen_code_without_its_verifier_is_worth_nothing_and_ends() {
    let app = TestApp::start().await;
    for wrong in ["", CHALLENGE, &VERIFIER[1..], &VERIFIER.to_lowercase()] {
        let code = code(&app).await;
        assert_refused(&redeem(&app, &code, wrong).await);
        assert_refused(&redeem(&app, &code, VERIFIER).await);
    }
    assert_eq!(codes(&app).await, 0);
}

#[tokio::test]
async fn a_code_is_for_its_chat_box_and_its_return_page() {
    let app = TestApp::start().await;
    let site = app.site_origin();
    let partner = format!("http://www.partner.localhost:{}", app.addr.port());
    let shop = format!("http://shop.latchkey.localhost:{}", app.addr.port());
    let origins = [site.clone(), shop.clone()];
    for id in ["cb_demo", "cb_other"] {
        let chat_box = ChatBox::new(id, "Support", &origins, &format!("{site}/chat")).unwrap();
        app.state.handoffs.save(&chat_box).await.unwrap();
    }
    for (origin, id, is_readable) in [
        (&partner, "cb_partner", true),
        (&site, "cb_partner", false),
        (&site, "cb_other", true),
        (&partner, "cb_demo", false),
        (&shop, "cb_demo", true),
        (&"null".to_owned(), "cb_demo", false),
        (&app.login_origin(), "cb_demo", false),
        (&site.replace("http:", "https:"), "cb_demo", false),
    ] {
        let code = code(&app).await;
        let form = [("chatBoxId", id), ("code", &code), ("verifier", VERIFIER)];
        let response = redeem_from(&app, origin, &form).await;
        assert_refused(&response);
        let readable_by = if is_readable { origin } else { "" };
        let allowed = response.header("access-control-allow-origin");
        assert_eq!(allowed, readable_by, "{origin} {id}");
        assert_refused(&redeem(&app, &code, VERIFIER).await);
    }
}

#[tokio::test]
async fn a_return_page_that_was_changed_meanwhile_gets_nothing() {
    let app = TestApp::start().await;
    let code = code(&app).await;
    app.execute("UPDATE chat_boxes SET return_url = return_url || 'other' WHERE id = 'cb_demo'")
        .await;
    assert_refused(&redeem(&app, &code, VERIFIER).await);
}

#[tokio::test]
async fn no_parameter_names_another_return_page() {
    let app = TestApp::start().await;
    let evil = "https://evil.test/";
    let wishes = ["return_url", "returnUrl", "redirect_uri", "origin", "next"];
    let form: Vec<_> = FORM
        .into_iter()
        .chain(wishes.map(|name| (name, evil)))
        .collect();
    let browser = app.signed_in().await;
    let sent = send_form(&browser, &form).await;
    let page = format!("{}/#", app.site_origin());
    assert!(target(&sent).as_str().starts_with(&page));
    let query = "/login?chatBoxId=cb_demo&return_url=https://evil.test/&next=https://evil.test/";
    let page = browser.get(query).await;
    let cancel = format!("href=\"{}/#latchkey_error=cancelled", app.site_origin());
    assert!(
        page.body.replace("&#x2F;", "/").contains(&cancel),
        "{}",
        page.body
    );
    assert!(!page.body.contains("evil.test"));
}

/// A link from an attacker who has its verifier. The code reaches only the victim's browser, on the chat
/// box's own page, where the verifier is missing, and never the attacker.
#[tokio::test]
async fn anyone_who_prepares_a_link_for_another_user_gains_nothing() {
    let app = TestApp::start().await;
    let victim = app.signed_in().await;
    let page = victim
        .get(&format!(
            "/login?chatBoxId=cb_demo&receipt=1&challenge={CHALLENGE}"
        ))
        .await;
    assert!(
        page.body.contains("Continue as"),
        "nothing happens without a click"
    );
    let code = code_in(&send_form(&victim, &FORM).await);

    let own_verifier = "a-verifier-of-the-browser-where-the-code-arrives";
    assert_refused(&redeem(&app, &code, own_verifier).await);

    let code = code_in(&send_form(&victim, &FORM).await);
    let theft = [
        ("chatBoxId", "cb_demo"),
        ("code", &code),
        ("verifier", VERIFIER),
    ];
    assert_refused(&redeem_from(&app, "https://evil.test", &theft).await);
    assert_refused(&redeem(&app, &code, VERIFIER).await);
}

/// The reverse attack: a code of the attacker's account in the victim's browser would sign the victim in as
/// the attacker.
#[tokio::test]
async fn a_code_of_another_session_does_not_fit_a_browser_that_began_its_own() {
    let app = TestApp::start().await;
    let planted = code(&app).await;

    let own_verifier = "the-verifier-that-the-victims-own-page-has-kept";
    let own_challenge = challenge_of(own_verifier);
    let own_flow = [FORM[0], ("challenge", own_challenge.as_str())];
    let victim = app.signed_in_as(RIVA, PASSWORD).await;
    let own = code_in(&send_form(&victim, &own_flow).await);

    assert_refused(&redeem(&app, &planted, own_verifier).await);
    let response = redeem(&app, &own, own_verifier).await;
    assert_eq!(response.status, 200, "{}", response.body);
}

#[tokio::test]
async fn a_link_releases_nothing() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    browser.post("/continue", &FORM).await;
    let query = format!("?chatBoxId=cb_demo&challenge={CHALLENGE}");
    for path in ["/handoff/code", "/api/handoff/redeem", "/api/handoff/renew"] {
        let response = browser.get(&format!("{path}{query}")).await;
        assert_eq!((response.status, response.location()), (405, ""), "{path}");
    }
    assert_eq!(browser.get(&format!("/handoff{query}")).await.status, 200);
    assert_eq!((codes(&app).await, exchanges(&app)), (0, 0));
}

#[tokio::test]
async fn no_code_without_consent_session_and_challenge() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let login = format!("/login?chatBoxId=cb_demo&challenge={CHALLENGE}");
    let response = browser.post("/handoff/code", &FORM).await;
    assert_eq!(
        (response.status, response.location()),
        (303, login.as_str())
    );
    let response = app.anonymous().post("/handoff/code", &FORM).await;
    assert_eq!(
        (response.status, response.location()),
        (303, login.as_str())
    );
    for challenge in [None, Some("x"), Some("*"), Some(&CHALLENGE[1..])] {
        let challenge = challenge.map(|challenge| ("challenge", challenge));
        let form: Vec<_> = [FORM[0]].into_iter().chain(challenge).collect();
        assert_eq!(
            send_form(&browser, &form).await.status,
            400,
            "{challenge:?}"
        );
    }
    let unknown = [("chatBoxId", "cb_unknown"), FORM[1]];
    assert_eq!(browser.post("/handoff/code", &unknown).await.status, 404);
    assert_eq!((codes(&app).await, exchanges(&app)), (0, 0));
}

#[tokio::test]
async fn a_vendor_that_fails_is_explained_on_a_page_that_can_try_again() {
    let app = TestApp::start_with(&vendors::off()).await;
    let browser = app.signed_in().await;
    let response = send_form(&browser, &FORM).await;
    assert_eq!(response.status, 500);
    for part in [
        "data-failed=\"unavailable\"",
        "action=\"/handoff/code\"",
        "Try again",
    ] {
        assert!(response.body.contains(part), "{part}: {}", response.body);
    }
    assert!(
        response.body.contains("<p data-failure=\"unavailable\">"),
        "{}",
        response.body
    );
    assert_eq!(codes(&app).await, 0);
}

#[tokio::test]
async fn the_route_of_a_return_page_stays_in_front_of_the_code() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for (fragment, before) in [
        ("", "#latchkey_code="),
        ("#", "#latchkey_code="),
        ("#/help", "#/help?latchkey_code="),
        ("#/help?topic=1", "#/help?topic=1&latchkey_code="),
        ("#chat", "#chat?latchkey_code="),
    ] {
        let return_url = format!("{}/{fragment}", app.site_origin());
        let chat_box = ChatBox::new("cb_demo", "Support", &[app.site_origin()], &return_url);
        app.state.handoffs.save(&chat_box.unwrap()).await.unwrap();
        let sent = send_form(&browser, &FORM).await;
        let url = target(&sent);
        assert!(url.as_str().contains(&format!("/{before}")), "{url}");
        assert_eq!(redeem(&app, &code_in(&sent), VERIFIER).await.status, 200);
    }
}

#[tokio::test]
async fn no_form_of_the_last_page_may_lead_elsewhere() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let form = [("chatBoxId", "cb_partner"), FORM[1]];
    let agreed = browser.post("/continue", &form).await;
    let page = browser.get(agreed.location()).await;
    let policy = page.header("content-security-policy");
    let own = format!("form-action 'self' {};", app.site_origin());
    assert!(policy.contains(&own), "{policy}");
}

#[tokio::test]
async fn the_database_holds_neither_code_nor_credential() {
    let app = TestApp::start().await;
    let code = code(&app).await;
    let row: (String, String) = query("SELECT code_hash, sealed FROM handoff_codes")
        .fetch_one(app.state.database.read())
        .await
        .unwrap();
    let jwt = redeem(&app, &code, VERIFIER).await.json()["data"]["jwt"]
        .as_str()
        .unwrap()
        .to_owned();
    for text in [&row.0, &row.1] {
        assert!(!text.contains(&code) && !text.contains(&jwt) && !text.contains("eyJ"));
    }
}

#[tokio::test]
async fn what_is_no_form_is_no_redemption() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    for body in [
        "",
        "code=x",
        "chatBoxId=cb_demo&code=x&code=y&verifier=z",
        "chatBoxId=%ff&code=x&verifier=z",
    ] {
        let request = browser
            .request(Method::POST, "/api/handoff/redeem")
            .header("origin", app.site_origin())
            .header("content-type", "application/x-www-form-urlencoded");
        assert_refused(&browser.send(request.body(body)).await);
    }
    let form = [("chatBoxId", "cb_demo"), ("code", "x"), ("verifier", "y")];
    let request = browser
        .request(Method::POST, "/api/handoff/redeem")
        .form(&form);
    assert_eq!(browser.send(request).await.status, 403, "no origin");
}
