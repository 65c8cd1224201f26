//! GitHub, with the responses in its documentation.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    assert_no_one, begin, fake::Fake, identities, problem, query, unreadable, users, with_parameter,
};
use crate::harness::{Browser, DANA, Log, PASSWORD, Response, TestApp};

const TOKEN: &str = "/login/oauth/access_token";
const EMAILS: &str = "/api/user/emails";
const ACCESS_TOKEN: &str = "gho_16C7e42F292c6912E7710c838347Ae178B4a";

/// GitHub with a user whose primary address is verified or not.
async fn github(verified: bool) -> Fake {
    let fake = Fake::start().await;
    let token = json!({ "access_token": ACCESS_TOKEN, "scope": "read:user,user:email", "token_type": "bearer" });
    fake.response(TOKEN, 200, &token);
    fake.response(
        "/api/user",
        200,
        &json!({
            "login": "octocat", "id": 583_231, "node_id": "MDQ6VXNlcjE=", "type": "User",
            "avatar_url": "https://avatars.githubusercontent.com/u/583231?v=4",
            "name": "The Octocat", "email": "public@example.test", "site_admin": false,
        }),
    );
    let email = |address: &str, primary, verified| json!({ "email": address, "primary": primary, "verified": verified, "visibility": null });
    let emails = json!([
        email(DANA, false, true),
        email("octocat@example.test", true, verified),
        email("583231+octocat@users.noreply.github.com", false, true),
    ]);
    fake.response("/api/user/emails", 200, &emails);
    fake
}

async fn app_with(fake: &Fake) -> TestApp {
    app_for_domains(fake, "").await
}

/// An app in which accounts of these domains sign in.
async fn app_for_domains(fake: &Fake, domains: &str) -> TestApp {
    let api = format!("{}/api", fake.url);
    TestApp::start_with(&[
        ("OAUTH_GITHUB_CLIENT_ID", "Iv1.8a61f9b3a7aba766"),
        ("OAUTH_GITHUB_CLIENT_SECRET", "a-secret-of-github"),
        ("OAUTH_GITHUB_URL", &fake.url),
        ("OAUTH_GITHUB_API_URL", &api),
        ("OAUTH_GITHUB_DOMAINS", domains),
    ])
    .await
}

fn back(url: &Url) -> String {
    let state = query(url, "state");
    format!("/oauth/github/callback?code=20-hex-digits&state={state}")
}

async fn sign_in(browser: &Browser) -> Response {
    let url = begin(browser, "/oauth/github/start").await;
    browser.get(&back(&url)).await
}

#[tokio::test]
async fn a_user_with_a_verified_primary_address_gets_an_account() {
    let fake = github(true).await;
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/github/start").await;
    assert!(
        url.as_str()
            .starts_with(&format!("{}/login/oauth/authorize?", fake.url))
    );
    assert_eq!(query(&url, "scope"), "read:user user:email");
    assert_eq!(query(&url, "code_challenge_method"), "S256");
    assert_eq!(browser.get(&back(&url)).await.location(), "/account");

    let page = browser.get("/account").await.body;
    assert!(page.contains("octocat@example.test") && page.contains("The Octocat"));
    let key = "SELECT COUNT(*) FROM identities WHERE subject = '583231'";
    assert_eq!(app.count(key).await, 1, "the name can change hands");

    let asked = fake.asked(TOKEN).remove(0);
    let verifier = asked.field("code_verifier");
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
    assert_eq!(query(&url, "code_challenge"), challenge);
    assert_eq!(asked.headers["accept"], "application/json");
    assert_eq!(asked.field("client_secret"), "a-secret-of-github");
    for path in ["/api/user", "/api/user/emails"] {
        let asked = fake.asked(path).remove(0);
        assert_eq!(
            asked.headers["authorization"],
            format!("Bearer {ACCESS_TOKEN}")
        );
        assert!(
            !asked.headers["user-agent"].is_empty(),
            "GitHub refuses requests without one"
        );
    }
}

#[tokio::test]
async fn only_the_primary_address_counts_and_only_if_it_is_verified() {
    let fake = github(false).await;
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    assert_eq!(sign_in(&browser).await.location(), "/finish-account");
    assert_no_one(&app, &browser, "an unverified primary address").await;
    let page = browser.get("/finish-account").await.body;
    assert!(page.contains("octocat@example.test") && !page.contains(DANA));
    browser.sign_in(DANA, PASSWORD).await;
    assert_eq!(identities(&app).await, 0);

    fake.response("/api/user/emails", 200, &json!([]));
    let browser = app.anonymous();
    assert_eq!(sign_in(&browser).await.location(), "/finish-account");
    let page = browser.get("/finish-account").await.body;
    assert!(
        !page.contains("public@example.test"),
        "anybody can publish any address"
    );
}

#[tokio::test]
async fn a_user_without_a_name_is_called_by_the_login() {
    let fake = github(true).await;
    let user = json!({ "login": "octocat", "id": 1, "name": null, "avatar_url": "http://insecure.test/a" });
    fake.response("/api/user", 200, &user);
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    sign_in(&browser).await;
    let page = browser.get("/account").await.body;
    assert!(page.contains("value=\"octocat\"") && !page.contains("insecure.test"));
}

#[tokio::test]
async fn a_code_that_github_refuses_with_a_200_signs_no_one_in() {
    let fake = github(true).await;
    let app = app_with(&fake).await;
    let refusal = |error: &str| {
        json!({ "error": error, "error_description": "The code passed is incorrect or expired.",
                "error_uri": "https://docs.github.com/apps/oauth-errors" })
    };
    for (status, response, expected) in [
        (200, refusal("bad_verification_code"), "provider-failed"),
        (
            200,
            refusal("incorrect_client_credentials"),
            "provider-misconfigured",
        ),
        (
            200,
            refusal("redirect_uri_mismatch"),
            "provider-misconfigured",
        ),
        (
            404,
            json!({ "message": "Not Found" }),
            "provider-misconfigured",
        ),
        (500, json!({}), "provider-unavailable"),
        (200, Value::Null, "provider-unavailable"),
    ] {
        fake.response(TOKEN, status, &response);
        let browser = app.anonymous();
        assert_eq!(problem(&sign_in(&browser).await), expected, "{response}");
        assert_no_one(&app, &browser, "a refused code").await;
    }
    assert!(fake.asked("/api/user").is_empty());
}

#[tokio::test]
async fn an_api_that_does_not_say_who_it_is_signs_no_one_in() {
    let fake = github(true).await;
    let app = app_with(&fake).await;
    for (status, response) in [
        (401, json!({ "message": "Bad credentials" })),
        (403, json!({ "message": "API rate limit exceeded" })),
        (500, json!({})),
        (200, json!({ "message": "?" })),
        (200, json!([583_231])),
        (200, json!({ "id": "583231", "login": "octocat" })),
        (200, json!({ "id": 583_231.5, "login": "octocat" })),
        (200, json!({ "id": -1, "login": "octocat" })),
        (200, json!({ "id": null, "login": "octocat" })),
    ] {
        fake.response("/api/user", status, &response);
        let browser = app.anonymous();
        let what = format!("{status} {response}");
        let response = sign_in(&browser).await;
        assert_eq!(problem(&response), "provider-unavailable", "{what}");
        assert_no_one(&app, &browser, &what).await;
    }
}

#[tokio::test]
async fn addresses_that_cannot_be_read_keep_no_known_user_out() {
    const TO_FINISH: &str = "303 /finish-account";
    const UNAVAILABLE: &str = "provider-unavailable";
    let forbidden = json!({ "message": "Resource not accessible by integration" });
    for (status, response, new_user, of_domain) in [
        (403, forbidden, TO_FINISH, "provider-misconfigured"),
        (404, json!({}), TO_FINISH, "provider-misconfigured"),
        (429, json!({}), UNAVAILABLE, UNAVAILABLE),
        (500, json!({}), UNAVAILABLE, UNAVAILABLE),
        (503, json!({}), UNAVAILABLE, UNAVAILABLE),
        (200, json!({ "message": "?" }), UNAVAILABLE, UNAVAILABLE),
        (200, json!([7]), UNAVAILABLE, UNAVAILABLE),
    ] {
        let what = format!("{status} {response}");
        let fails = |fake: &Fake| fake.response(EMAILS, status, &response);
        for (domains, end) in [("", new_user), ("example.test", of_domain)] {
            let fake = github(true).await;
            fails(&fake);
            let app = app_for_domains(&fake, domains).await;
            let log = Log::capture();
            let browser = app.anonymous();
            assert_eq!(problem(&sign_in(&browser).await), end, "{what} {domains}");
            assert_no_one(&app, &browser, &what).await;
            let told = "GitHub's list of addresses cannot be read";
            assert!(log.text().contains(told), "{what}: {}", log.text());
        }
        for (domains, end) in [("", "303 /account"), ("example.test", of_domain)] {
            let fake = github(true).await;
            let app = app_for_domains(&fake, domains).await;
            assert_eq!(problem(&sign_in(&app.anonymous()).await), "303 /account");
            fails(&fake);
            let again = problem(&sign_in(&app.anonymous()).await);
            assert_eq!(again, end, "{what} {domains}");
            assert_eq!((users(&app).await, identities(&app).await), (3, 1));
        }
    }
}

#[tokio::test]
async fn only_primary_addresses_of_the_domains_that_are_set_sign_in() {
    let email = |email: &str, verified: bool, primary: bool| json!({ "email": email, "verified": verified, "primary": primary });
    let fake = github(true).await;
    let app = app_for_domains(&fake, "Example.com, example.org").await;
    for (emails, end) in [
        (
            json!([email("eve@example.com.evil.test", true, true)]),
            "provider-other-domain",
        ),
        (
            json!([email("a@sub.example.com", true, true)]),
            "provider-other-domain",
        ),
        (
            json!([email("b@example.com", false, true)]),
            "provider-other-domain",
        ),
        (
            json!([
                email("c@example.com", true, false),
                email("c@other.test", true, true)
            ]),
            "provider-other-domain",
        ),
        (json!([]), "provider-other-domain"),
        (json!([email("d@EXAMPLE.ORG", true, true)]), "303 /account"),
    ] {
        fake.response(EMAILS, 200, &emails);
        let browser = app.anonymous();
        assert_eq!(problem(&sign_in(&browser).await), end, "{emails}");
        if end != "303 /account" {
            assert_no_one(&app, &browser, "another domain").await;
        }
    }
}

#[tokio::test]
async fn a_value_that_is_not_used_decides_nothing_even_if_it_is_unreadable() {
    let user = json!({ "login": "octocat", "id": 583_231, "name": "The Octocat" });
    let email = json!({ "email": "octocat@example.test", "primary": true, "verified": true });
    for value in unreadable::values() {
        let fake = github(true).await;
        let user = unreadable::with(&user, "bio", &value);
        fake.answer_text("/api/user", 200, "application/json", &user);
        let emails = unreadable::with(&email, "visibility", &value);
        fake.answer_text(EMAILS, 200, "application/json", &format!("[{emails}]"));
        let app = app_with(&fake).await;
        let browser = app.anonymous();
        assert_eq!(problem(&sign_in(&browser).await), "303 /account", "{value}");
        let page = browser.get("/account").await.body;
        assert!(page.contains("octocat@example.test") && page.contains("The Octocat"));
    }
}

#[tokio::test]
async fn an_answer_may_name_its_own_issuer_but_no_other() {
    let fake = github(true).await;
    let app = app_with(&fake).await;
    let own = format!("{}/login/oauth", fake.url);
    for (issuer, expected) in [
        ("https://evil.test", "provider-failed"),
        ("https://github.com/login/oauth", "provider-failed"),
        (&format!("{own}/"), "provider-failed"),
        ("", "provider-failed"),
        (&own, "303 /account"),
    ] {
        let browser = app.anonymous();
        let url = begin(&browser, "/oauth/github/start").await;
        let back = with_parameter(
            &format!("{}{}", app.login_origin(), back(&url)),
            "iss",
            Some(issuer),
        );
        assert_eq!(problem(&browser.get(&back).await), expected, "{issuer}");
        let redeemed = usize::from(issuer == own);
        assert_eq!(fake.asked(TOKEN).len(), redeemed, "{issuer}");
    }
}

#[tokio::test]
async fn a_token_in_place_of_a_code_is_not_githubs() {
    let fake = github(true).await;
    let app = app_with(&fake).await;
    let browser = app.anonymous();
    let url = begin(&browser, "/oauth/github/start").await;
    let token = back(&url).replace("code=", "token=");
    assert_eq!(problem(&browser.get(&token).await), "provider-failed");
    assert!(fake.asked(TOKEN).is_empty());
}
