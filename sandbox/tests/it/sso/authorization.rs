//! The authorization endpoint: which requests it accepts, where it responds, and what its page offers.

use reqwest::Method;
use sandbox::sso::{AuthorizationFailure, OpenerPolicy, PERSONAS};

use super::client::{CHALLENGE, REDIRECT_URI, request, returned, with};
use crate::harness::{Reply, Sandbox};

#[tokio::test]
async fn the_page_offers_every_persona_and_a_way_out() {
    let sandbox = Sandbox::start().await;
    let hinted = with(request(), &[("login_hint", "umut@people.example")]);
    let page = sandbox.ask(&hinted).await;
    assert_eq!(page.status, 200);
    for persona in PERSONAS {
        let button = format!(r#"name="choice" value="{}""#, persona.sub);
        assert!(page.body.contains(&button), "{}", persona.sub);
        assert!(page.body.contains(persona.name), "{}", persona.name);
    }
    assert!(page.body.contains(r#"name="choice" value="cancel""#));
    assert_eq!(page.body.matches("Asked for").count(), 1);
    assert!(!page.body.contains("<script") && !page.body.contains("<nav"));
    assert_eq!(page.header("cross-origin-opener-policy"), "");
    let policy = page.header("content-security-policy");
    let targets = "form-action 'self' http://login.latchkey.localhost:3000 \
                   http://www.latchkey.localhost:3000";
    assert!(policy.ends_with(targets), "{policy}");
}

#[tokio::test]
async fn a_choice_returns_a_code_with_the_state_and_the_issuer() {
    let sandbox = Sandbox::start().await;
    let response = returned(&sandbox.choose(&request(), "vera-verified").await);
    assert_eq!(response["state"], "af0ifjsldkj");
    assert_eq!(response["iss"], sandbox.running.sso().issuer());
    assert_eq!(response["code"].len(), 43);
    assert_eq!(response.len(), 3);
}

#[tokio::test]
async fn a_stranger_or_a_wrong_address_gets_a_page_and_no_redirect() {
    let sandbox = Sandbox::start().await;
    let upper_case = REDIRECT_URI.to_uppercase();
    for change in [
        ("client_id", ""),
        ("client_id", "another"),
        ("redirect_uri", ""),
        ("redirect_uri", "https://evil.example/"),
        ("redirect_uri", &format!("{REDIRECT_URI}/")),
        ("redirect_uri", &format!("{REDIRECT_URI}?next=x")),
        ("redirect_uri", &upper_case),
    ] {
        let wrong = with(request(), &[change]);
        for reply in [
            sandbox.ask(&wrong).await,
            sandbox.choose(&wrong, "cancel").await,
        ] {
            assert_eq!(
                (reply.status, reply.header("location")),
                (400, ""),
                "{change:?}"
            );
            assert!(reply.body.contains("Sign-in failed"), "{change:?}");
        }
    }
    let twice = format!(
        "/sso/authorize?client_id=latchkey-demo&redirect_uri={REDIRECT_URI}&redirect_uri=x"
    );
    assert_eq!(sandbox.get(&twice).await.status, 400);
}

#[tokio::test]
async fn a_wrong_request_is_refused_by_redirect() {
    let sandbox = Sandbox::start().await;
    for (name, value, error) in [
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        (
            "response_type",
            "code id_token",
            "unsupported_response_type",
        ),
        ("response_mode", "fragment", "invalid_request"),
        ("scope", "", "invalid_scope"),
        ("scope", "email openidx", "invalid_scope"),
        ("code_challenge", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        (
            "code_challenge",
            &CHALLENGE.replace('-', "+"),
            "invalid_request",
        ),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("prompt", "none", "login_required"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "hello", "invalid_request"),
        ("request", "x.y.z", "request_not_supported"),
        ("request_uri", "urn:x", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
    ] {
        let wrong = with(request(), &[(name, value)]);
        for reply in [
            sandbox.ask(&wrong).await,
            sandbox.choose(&wrong, "vera-verified").await,
        ] {
            let response = returned(&reply);
            assert_eq!(response["error"], error, "{name}={value}");
            assert_eq!(response["iss"], sandbox.running.sso().issuer());
            assert_eq!(response["state"], "af0ifjsldkj");
            assert!(!response.contains_key("code"));
        }
    }
}

#[tokio::test]
async fn prompts_that_a_page_satisfies_show_it() {
    let sandbox = Sandbox::start().await;
    for prompt in ["login", "consent select_account"] {
        let prompted = with(request(), &[("prompt", prompt)]);
        assert_eq!(sandbox.ask(&prompted).await.status, 200, "{prompt}");
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused() {
    let sandbox = Sandbox::start().await;
    let twice = sandbox
        .request(Method::GET, "/sso/authorize?nonce=again")
        .query(&request());
    assert_eq!(
        returned(&Reply::of(twice).await)["error"],
        "invalid_request"
    );
}

#[tokio::test]
async fn cancel_denies_access_and_an_unknown_choice_goes_nowhere() {
    let sandbox = Sandbox::start().await;
    let denied = returned(&sandbox.choose(&request(), "cancel").await);
    assert_eq!(denied["error"], "access_denied");
    assert_eq!(denied["iss"], sandbox.running.sso().issuer());
    assert_eq!(sandbox.choose(&request(), "unknown").await.status, 400);
}

#[tokio::test]
async fn only_the_page_itself_may_choose() {
    let sandbox = Sandbox::start().await;
    for (choice, status) in [("vera-verified", 403), ("", 200)] {
        let form = with(request(), &[("choice", choice)]);
        let post = sandbox
            .request(Method::POST, "/sso/authorize")
            .header("sec-fetch-site", "cross-site");
        assert_eq!(Reply::of(post.form(&form)).await.status, status, "{choice}");
    }
    let by_link = with(request(), &[("choice", "vera-verified")]);
    let page = sandbox.ask(&by_link).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.body.matches(r#"value="vera-verified""#).count(), 1);
}

#[tokio::test]
async fn form_post_returns_by_a_form_that_needs_no_script() {
    let sandbox = Sandbox::start().await;
    let asked = with(
        request(),
        &[
            ("response_mode", "form_post"),
            ("state", "\"><script>alert(1)"),
        ],
    );
    for (choice, field) in [("vera-verified", "code"), ("cancel", "error")] {
        let reply = sandbox.choose(&asked, choice).await;
        assert_eq!((reply.status, reply.header("location")), (200, ""));
        assert!(
            reply
                .body
                .contains(&format!(r#"method="post" action="{REDIRECT_URI}""#))
        );
        for name in [field, "state", "iss"] {
            let input = format!(r#"type="hidden" name="{name}""#);
            assert!(reply.body.contains(&input), "{name}");
        }
        assert!(reply.body.contains("&quot;&gt;&lt;script&gt;alert(1)"));
    }
    let script = sandbox.get("/sso/form-post.js").await;
    assert!(script.header("content-type").starts_with("text/javascript"));
}

#[tokio::test]
async fn each_failure_changes_one_thing_about_the_answer() {
    let sandbox = Sandbox::start().await;
    let sso = sandbox.running.sso();
    let issuer = sso.issuer();
    let slash = format!("{issuer}/");
    for &(failure, code, _) in AuthorizationFailure::ALL {
        sso.change(failure);
        let response = returned(&sandbox.choose(&request(), "vera-verified").await);
        let (mut state, mut iss, mut error) = ("af0ifjsldkj", Some(issuer), None);
        match failure {
            AuthorizationFailure::None => {}
            AuthorizationFailure::TemporarilyUnavailable | AuthorizationFailure::ServerError => {
                error = Some(code);
            }
            AuthorizationFailure::IssMissing => iss = None,
            AuthorizationFailure::IssOther => iss = Some("https://other-issuer.example"),
            AuthorizationFailure::IssTrailingSlash => iss = Some(&slash),
            AuthorizationFailure::StateAltered => state = "af0ifjsldkj-altered",
        }
        let text = |name| response.get(name).map(String::as_str);
        assert_eq!(text("state"), Some(state), "{code}");
        assert_eq!(text("iss"), iss, "{code}");
        assert_eq!(text("error"), error, "{code}");
        assert_eq!(text("code").is_some(), error.is_none(), "{code}");
    }
}

#[tokio::test]
async fn the_page_sends_an_opener_policy_when_told_to() {
    let sandbox = Sandbox::start().await;
    for (policy, header) in [
        (OpenerPolicy::SameOrigin, "same-origin"),
        (
            OpenerPolicy::SameOriginAllowPopups,
            "same-origin-allow-popups",
        ),
    ] {
        sandbox.running.sso().change(policy);
        let page = sandbox.ask(&request()).await;
        assert_eq!(page.header("cross-origin-opener-policy"), header);
    }
}
