//! The login page: what it shows for which request, and where it sends the browser.

use reqwest::Method;
use sandbox::xsolla::{PERSONAS, TokenFault};

use super::client::{
    CALLBACK, DANA, Fields, PROJECT, SITE_PAGE, fields, jwt_request, oauth_request, query,
    returned, with,
};
use super::verifier;
use crate::harness::{Reply, Sandbox};

#[tokio::test]
async fn the_page_has_a_button_for_each_persona_and_repeats_the_request() {
    let sandbox = Sandbox::start().await;
    for request in [jwt_request(), oauth_request()] {
        let page = sandbox.xsolla_page(&request).await;
        assert_eq!(page.status, 200);
        for persona in &PERSONAS {
            assert!(page.body.contains(persona.name), "{}", persona.name);
            assert!(page.body.contains(&format!(r#"value="{}""#, persona.sub)));
        }
        for (name, value) in &request {
            let field = format!(r#"<input type="hidden" name="{name}" value="{value}">"#);
            assert!(page.body.contains(&field), "{field}");
        }
        assert!(
            !page.body.contains("<script"),
            "it works without JavaScript"
        );
        let policy = page.header("content-security-policy");
        for origin in [
            "http://login.latchkey.localhost:3000",
            "http://www.latchkey.localhost:3000",
        ] {
            assert!(policy.contains(origin), "its form leads there: {policy}");
        }
        assert_eq!(page.header("cross-origin-opener-policy"), "");
    }
}

#[tokio::test]
async fn the_widgets_address_may_end_in_a_slash() {
    let sandbox = Sandbox::start().await;
    let page = sandbox.request(Method::GET, "/xsolla/login/");
    assert_eq!(Reply::of(page.query(&jwt_request())).await.status, 200);
}

#[tokio::test]
async fn a_choice_sends_the_browser_back_with_a_token() {
    let sandbox = Sandbox::start().await;
    for persona in &PERSONAS {
        let claims = verifier::json(&sandbox.xsolla_token(persona).await, 1);
        assert_eq!(claims["sub"], persona.sub);
    }
    let elsewhere = with(jwt_request(), &[("login_url", SITE_PAGE), ("payload", "")]);
    let reply = sandbox.xsolla_choose(&elsewhere, DANA.sub).await;
    let address = reply.header("location");
    assert!(
        address.starts_with(&format!("{SITE_PAGE}?token=")),
        "{address}"
    );
    let claims = verifier::json(&query(address)["token"], 1);
    assert!(claims.get("payload").is_none());
}

#[tokio::test]
async fn a_choice_or_none_sends_the_browser_back_to_an_oauth_client_with_the_state() {
    let sandbox = Sandbox::start().await;
    let chosen = returned(&sandbox.xsolla_choose(&oauth_request(), DANA.sub).await);
    assert_eq!(
        (chosen["state"].as_str(), chosen["code"].len()),
        ("af0ifjsldkj", 43)
    );
    let cancelled = returned(&sandbox.xsolla_choose(&oauth_request(), "cancel").await);
    assert_eq!(
        cancelled,
        fields(&[("error", "access_denied"), ("state", "af0ifjsldkj")])
    );
}

#[tokio::test]
async fn a_wrong_request_is_told_to_the_visitor_and_sends_no_one_anywhere() {
    let sandbox = Sandbox::start().await;
    let slash = format!("{CALLBACK}/");
    let evil = "https://evil.test/";
    let wrong: [(Fields, &str, &str); 12] = [
        (jwt_request(), "projectId", ""),
        (
            jwt_request(),
            "projectId",
            "11111111-5d42-11e6-a3ff-005056a0e04a",
        ),
        (jwt_request(), "login_url", ""),
        (jwt_request(), "login_url", evil),
        (jwt_request(), "login_url", &slash),
        (oauth_request(), "client_id", "1002"),
        (oauth_request(), "redirect_uri", ""),
        (oauth_request(), "redirect_uri", evil),
        (oauth_request(), "response_type", "token"),
        (oauth_request(), "state", ""),
        (oauth_request(), "code_challenge_method", "plain"),
        (oauth_request(), "code_challenge", ""),
    ];
    for (request, name, value) in wrong {
        let request = with(request, &[(name, value)]);
        for reply in [
            sandbox.xsolla_page(&request).await,
            sandbox.xsolla_choose(&request, DANA.sub).await,
        ] {
            assert_eq!(reply.status, 400, "{name}={value}");
            assert_eq!(reply.header("location"), "");
            assert!(reply.body.contains("Sign-in failed"));
        }
    }
    let twice = format!("/xsolla/login?projectId={PROJECT}&projectId={PROJECT}");
    assert_eq!(sandbox.get(&twice).await.status, 400);
    let unknown = sandbox.xsolla_choose(&jwt_request(), "unknown").await;
    assert_eq!(unknown.status, 400);
    let no_way_to_say_no = sandbox.xsolla_choose(&jwt_request(), "cancel").await;
    assert_eq!(no_way_to_say_no.status, 400);
}

#[tokio::test]
async fn no_other_site_chooses_for_the_visitor() {
    let sandbox = Sandbox::start().await;
    let form = with(jwt_request(), &[("choice", DANA.sub)]);
    let foreign = sandbox
        .request(Method::POST, "/xsolla/login")
        .header("origin", "http://evil.test")
        .form(&form);
    assert_eq!(Reply::of(foreign).await.status, 403);
    let by_link = sandbox.xsolla_page(&form).await;
    assert_eq!((by_link.status, by_link.header("location")), (200, ""));
    assert!(!by_link.body.contains(r#"type="hidden" name="choice""#));
}

#[tokio::test]
async fn the_page_says_that_the_token_will_be_bad() {
    let sandbox = Sandbox::start().await;
    let warning = "Your token will be invalid";
    assert!(
        !sandbox
            .xsolla_page(&jwt_request())
            .await
            .body
            .contains(warning)
    );
    sandbox.running.xsolla().change(TokenFault::Expired);
    let page = sandbox.xsolla_page(&jwt_request()).await.body;
    assert!(page.contains(warning) && page.contains("Expired yesterday"));
}
