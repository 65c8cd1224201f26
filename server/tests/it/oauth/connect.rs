//! A user who has signed in at a provider and here, in either order, is offered to connect the two.

use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use server::vendors::Vendors;
use tokio::sync::Notify;

use super::{
    begin, identities,
    issuer::{Issuer, back},
    linking::begin_link,
    problem, sign_in_as, users,
};
use crate::harness::{
    Browser, DANA, GOOD_PASSWORD, PASSWORD, RIVA, Reply, Response, Stub, TestApp,
};

const POPUP: &str = "chatBoxId=cb_demo&receipt=1";

/// Where a flow with these parameters ends, and a user with these claims.
const FLOWS: [(&str, &str); 2] = [
    ("", "/account"),
    (POPUP, "/handoff?chatBoxId=cb_demo&receipt=1"),
];

/// The status of the page where a flow ends. Without a vendor of the popup, its last page does not exist.
fn status_of(end: &str) -> u16 {
    match end.starts_with("/handoff") && Vendors::handoff().is_none() {
        true => 404,
        false => 200,
    }
}

/// What providers say about the address of a user who has an account.
fn claims() -> [(&'static str, Value); 5] {
    [
        (
            "an unverified address",
            json!({ "email": DANA, "email_verified": false }),
        ),
        ("nothing about it", json!({ "email": DANA })),
        (
            "one for true",
            json!({ "email": DANA, "email_verified": "1" }),
        ),
        ("no address", json!({})),
        (
            "another address",
            json!({ "email": "else@example.test", "email_verified": false }),
        ),
    ]
}

/// A user at the provider with these claims.
fn user(claims: &Value) -> Value {
    let mut user = json!({ "sub": "dana-there", "name": "Dana" });
    let all = user.as_object_mut().unwrap();
    all.extend(claims.as_object().unwrap().clone());
    user
}

/// A page of the login, with the parameters of a flow.
fn page(path: &str, flow: &str) -> String {
    match flow {
        "" => path.to_owned(),
        flow => format!("{path}?{flow}"),
    }
}

/// Answers the question on the page at `location`, as its form does.
async fn response(browser: &Browser, location: &str, choice: &str) -> Response {
    let page = browser.get(location).await;
    assert_eq!(page.status, 200, "{location}");
    let form = page
        .body
        .split("action=\"/connect\"")
        .nth(1)
        .expect("the question");
    let hidden = form
        .split("</form>")
        .next()
        .unwrap()
        .split("type=\"hidden\"")
        .skip(1);
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().to_owned()
    };
    let fields: Vec<(String, String)> = hidden
        .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
        .chain([("connect".to_owned(), choice.to_owned())])
        .collect();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    browser.post("/connect", &fields).await
}

#[tokio::test]
async fn whatever_the_provider_says_about_the_address_there_is_no_loop() {
    for (name, claims) in claims() {
        let issuer = Issuer::start().await;
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let user = user(&claims);
        let browser = app.anonymous();
        let there = issuer.signs_in(&app, &browser, "sso", &user).await;
        assert_eq!(there.location(), "/finish-account", "{name}");
        let form = [("email", DANA), ("display_name", "Dana")];
        browser.post("/finish-account", &form).await;
        assert!(app.mail_to(DANA, 0).await.contains("/login"));

        let here = browser.sign_in(DANA, PASSWORD).await;
        assert_eq!((here.status, here.location()), (303, "/connect"), "{name}");
        assert_eq!(identities(&app).await, 0, "not before the user agrees");
        let page = browser.get("/connect").await.body;
        assert!(
            page.contains("Example SSO") && page.contains(DANA),
            "{name}"
        );
        let connected = response(&browser, "/connect", "yes").await;
        assert_eq!(connected.location(), "/account", "{name}");
        assert_eq!(
            (users(&app).await, identities(&app).await),
            (2, 1),
            "{name}"
        );

        let elsewhere = app.anonymous();
        let again = issuer.signs_in(&app, &elsewhere, "sso", &user).await;
        assert_eq!(again.location(), "/account", "{name}");
        assert!(elsewhere.get("/account").await.body.contains("Dana Demo"));
        assert_eq!(
            browser.sign_in(DANA, PASSWORD).await.location(),
            "/signed-in",
            "asked once"
        );
    }
}

#[tokio::test]
async fn who_signs_in_here_first_and_then_there_is_asked_as_well() {
    let verified = json!({ "email": DANA, "email_verified": true });
    let all = claims().into_iter().chain([("their address", verified)]);
    for (name, claims) in all {
        for (flow, end) in FLOWS {
            let issuer = Issuer::start().await;
            let app = TestApp::start_with(&issuer.as_sso()).await;
            let (user, question) = (user(&claims), page("/connect", flow));
            let browser = app.signed_in().await;
            let start = ("sso", flow);
            for choice in ["no", "yes"] {
                let there = issuer.signs_in_with(&app, &browser, start, &user).await;
                assert_eq!(there.location(), question, "{name} {flow}");
                assert_eq!(identities(&app).await, 0, "not before the user agrees");
                let chosen = response(&browser, &question, choice).await;
                assert_eq!(chosen.location(), end, "{name} {flow} {choice}");
                assert_eq!(browser.get(end).await.status, status_of(end), "{name}");
            }
            assert_eq!((users(&app).await, identities(&app).await), (2, 1));

            let elsewhere = app.anonymous();
            let again = issuer.signs_in_with(&app, &elsewhere, start, &user).await;
            assert_eq!(again.location(), end, "{name} {flow}");
            assert!(elsewhere.get("/account").await.body.contains("Dana Demo"));
        }
    }
}

#[tokio::test]
async fn a_sign_in_of_long_ago_is_repeated_before_anything_is_connected() {
    for (flow, end) in FLOWS {
        for next in [DANA, RIVA] {
            let issuer = Issuer::start().await;
            let app = TestApp::start_with(&issuer.as_sso()).await;
            let browser = app.signed_in().await;
            app.clock.advance(Duration::from_secs(15 * 60));
            let user = user(&json!({}));
            let there = issuer.signs_in_with(&app, &browser, ("sso", flow), &user);
            let question = page("/connect", flow);
            assert_eq!(there.await.location(), question, "{flow}");
            let login = response(&browser, &question, "yes").await;
            let separator = if flow.is_empty() { "?" } else { "&" };
            let login_again = page("/login", flow) + separator + "notice=sign-in-to-connect";
            assert_eq!(login.location(), login_again);
            assert_eq!(identities(&app).await, 0, "not by an old session");
            let form = browser.get(&login_again).await.body;
            assert!(form.contains("name=\"password\"") && form.contains("Sign in again"));
            assert!(form.contains(&format!("value=\"{DANA}\"")), "{form}");

            let fields = [("email", next), ("password", PASSWORD)];
            let popup = [("chatBoxId", "cb_demo"), ("receipt", "1")];
            let popup = if flow.is_empty() { &[][..] } else { &popup };
            let here = browser.post("/login", &[&fields[..], popup].concat()).await;
            assert_eq!(here.location(), question, "{flow}");
            let asked = browser.get(&question).await.body;
            assert!(asked.contains(next), "whose account it is");
            let connected = response(&browser, &question, "yes").await;
            assert_eq!(connected.location(), end);
            assert_eq!((users(&app).await, identities(&app).await), (2, 1));
        }
    }
}

#[tokio::test]
async fn a_signed_in_user_sees_the_form_only_to_connect() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for login in [
        "/login",
        "/login?notice=sign-in-to-connect",
        "/login?notice=account-exists",
    ] {
        assert_eq!(browser.get(login).await.location(), "/account", "{login}");
    }
}

#[tokio::test]
async fn where_registration_is_closed_those_who_have_an_account_connect_it() {
    for verified in [true, false] {
        let issuer = Issuer::start().await;
        let closed = [&issuer.as_sso()[..], &[("LATCHKEY_REGISTRATION", "closed")]].concat();
        let app = TestApp::start_with(&closed).await;
        let user = user(&json!({ "email": "else@example.test", "email_verified": verified }));
        let there_first = app.anonymous();
        let there = issuer.signs_in(&app, &there_first, "sso", &user).await;
        assert_eq!(problem(&there), "registration-closed");
        assert_eq!(there_first.get("/finish-account").await.status, 404);
        let here = there_first.sign_in(DANA, PASSWORD).await;
        assert_eq!(here.location(), "/connect", "{verified}");

        let here_first = app.signed_in().await;
        let there = issuer.signs_in(&app, &here_first, "sso", &user).await;
        assert_eq!(there.location(), "/connect", "{verified}");
        response(&here_first, "/connect", "yes").await;
        assert_eq!((users(&app).await, identities(&app).await), (2, 1));
    }
}

#[tokio::test]
async fn who_signs_out_while_the_provider_answers_connects_nothing() {
    for links in [false, true] {
        let until = Arc::new(Notify::new());
        let told = Reply::json(200, r#"{"sub":"dana-there"}"#).held(&until);
        let slow = Stub::start(vec![told]).await;
        let issuer = Issuer::start().await;
        issuer.discloses(&json!({ "userinfo_endpoint": format!("{}/userinfo", slow.url) }));
        let app = TestApp::start_with(&issuer.as_sso()).await;
        let browser = app.signed_in().await;
        let same_session = app.anonymous();
        same_session.set_cookie("latchkey", &browser.session());
        let url = match links {
            true => begin_link(&browser).await,
            false => begin(&browser, "/oauth/sso/start").await,
        };
        issuer.knows(&app, &url, &user(&json!({})));
        let meanwhile = async {
            slow.first_request().await;
            same_session.post("/logout", &[]).await;
            until.notify_one();
        };
        let callback = back(&url, "sso");
        let (there, ()) = tokio::join!(browser.get(&callback), meanwhile);
        let expected = if links { "400 " } else { "303 /finish-account" };
        assert_eq!(problem(&there), expected);
        assert!(!browser.is_signed_in().await);
        assert_eq!(identities(&app).await, 0);
    }
}

#[tokio::test]
async fn who_says_no_goes_on_and_is_not_asked_again() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "umut-unverified").await;
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(
        response(&browser, "/connect", "no").await.location(),
        "/account"
    );
    assert_eq!(identities(&app).await, 0);
    assert_eq!(browser.get("/connect").await.location(), "/account");
    browser.post("/connect", &[("connect", "yes")]).await;
    assert_eq!(
        identities(&app).await,
        0,
        "there is nothing left to connect"
    );
}

#[tokio::test]
async fn the_question_keeps_the_popups_flow() {
    for choice in ["yes", "no"] {
        let app = TestApp::start().await;
        let browser = app.anonymous();
        sign_in_as(&app, &browser, "umut-unverified").await;
        let form = [
            ("email", DANA),
            ("password", PASSWORD),
            ("chatBoxId", "cb_demo"),
            ("receipt", "1"),
        ];
        let here = browser.post("/login", &form).await;
        let question = format!("/connect?{POPUP}");
        assert_eq!(here.location(), question);
        let early = browser.get(&format!("/handoff?{POPUP}")).await;
        assert_eq!(
            early.location(),
            format!("/login?{POPUP}"),
            "nothing is handed over before"
        );
        let end = response(&browser, &question, choice).await;
        assert_eq!(end.location(), format!("/handoff?{POPUP}"));
        let last = browser.get(end.location()).await;
        assert_eq!(last.status, status_of(end.location()));
    }
}

#[tokio::test]
async fn a_linked_provider_proves_the_account_as_well_as_a_password() {
    let issuer = Issuer::start().await;
    let app = TestApp::start_with(&issuer.as_google()).await;
    sign_in_as(&app, &app.anonymous(), "vera-verified").await;
    let browser = app.anonymous();
    let user = json!({ "sub": "vera-there", "name": "Vera" });
    issuer.signs_in(&app, &browser, "google", &user).await;
    let here = sign_in_as(&app, &browser, "vera-verified").await;
    assert_eq!(here.location(), "/connect");
    response(&browser, "/connect", "yes").await;
    assert_eq!((users(&app).await, identities(&app).await), (3, 2));
}

#[tokio::test]
async fn only_the_user_and_the_browser_that_were_asked_can_agree() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    sign_in_as(&app, &browser, "umut-unverified").await;
    browser.sign_in(DANA, PASSWORD).await;
    let other = app.signed_in_as(RIVA, PASSWORD).await;
    assert_eq!(other.get("/connect").await.location(), "/account");
    other.post("/connect", &[("connect", "yes")]).await;
    assert_eq!(app.anonymous().get("/connect").await.location(), "/login");

    // The page was rendered for another user.
    let form = [
        ("connect", "yes"),
        ("viewer", "0123456789abcdef0123456789abcdef"),
    ];
    assert_eq!(browser.post("/connect", &form).await.location(), "/login");
    let foreign = browser.request(reqwest::Method::POST, "/connect");
    let foreign = foreign.header("origin", "https://evil.test").form(&form);
    assert_eq!(browser.send(foreign).await.status, 403);
    assert_eq!(identities(&app).await, 0);

    app.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(
        browser.get("/connect").await.location(),
        "/account",
        "it is too late"
    );
}

#[tokio::test]
async fn what_already_signs_in_a_user_is_not_asked_about() {
    let app = TestApp::start().await;
    let waiting = app.anonymous();
    sign_in_as(&app, &waiting, "umut-unverified").await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    super::linking::link(&app, &riva, "umut-unverified").await;
    let here = waiting.sign_in(DANA, PASSWORD).await;
    assert_eq!(here.location(), "/account");
    assert_eq!(identities(&app).await, 1);
}

#[tokio::test]
async fn the_page_that_asks_for_an_address_leads_to_the_account_one_has() {
    let app = TestApp::start().await;
    let browser = app.anonymous();
    app.register("umut@people.example", GOOD_PASSWORD).await;
    sign_in_as(&app, &browser, "umut-unverified").await;
    let page = browser.get(&format!("/finish-account?{POPUP}")).await.body;
    assert!(page.contains("Already have an account? Sign in to connect it"));
    assert!(page.contains("href=\"/login?chatBoxId=cb_demo&amp;receipt=1\""));
}
