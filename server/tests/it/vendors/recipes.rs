//! Endpoints of vendors by recipe: who gets a credential, and what a request can say about it.

use std::{fs, path::Path, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header, jwk::JwkSet};
use p256::{
    elliptic_curve::Generate,
    pkcs8::{EncodePrivateKey, LineEnding},
};
use reqwest::Method;
use sandbox::Running;
use serde_json::{Value, json};
use server::accounts::{Attributes, set_attributes};
use tempfile::TempDir;
use tokio::sync::Notify;

use super::readable::{Readable, ask};
use crate::harness::{Browser, DANA, Reply, Response, Stub, TestApp};

const PATH: &str = "/api/acme/credential";
const OWN_PATH: &str = "/acme/token";
const SECRET: &str = "a-secret-of-the-vendor-acme-in-tests";

/// Settings that turn all recipes off.
pub const OFF: &[(&str, &str)] = &[("LATCHKEY_RECIPES", "")];

pub const SECRETS: &[&str] = &[SECRET];

/// None here: without recipes there are no paths that could respond.
pub const READABLE: &[Readable] = &[];

const ACME: &str = r#"
label = "Acme"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "jwt"
lifetime = 600
path = "/acme/token"
attributes = ["plan"]

[settings]
app = "ACME_APP"

[params.room]
pattern = "[a-z]+"
max = 8
optional = true

[params.seat]
kind = "number"
max = 9
optional = true

[key]
variable = "ACME_SECRET"
encoding = "utf8"

[header]
alg = "HS256"

[claims]
sub = "{user.id}"
email = "{user.email}"
aud = "{setting.app}"
exp = "{expires}"
plan = { value = "{user.attributes.plan}", optional = true }
room = { value = "{param.room}", optional = true }
seat = { value = "{param.seat}", optional = true }
"#;

const ISSUER: &str = r#"
label = "Backend"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "jwt"
lifetime = 600

[key]
published = true

[header]
alg = "ES256"
kid = "{key.name}"

[claims]
iss = "{issuer}"
sub = "{user.id}"
aud = "backend"
exp = "{expires}"
"#;

/// Settings that load two recipes.
pub fn settings(_: &Running, folder: &Path) -> Vec<(&'static str, String)> {
    let write = |name: &str, text: &str| {
        let file = folder.join(name);
        fs::write(&file, text).unwrap();
        file.display().to_string()
    };
    let files = [write("acme.toml", ACME), write("backend.toml", ISSUER)];
    let key = || write_key(p256::SecretKey::generate());
    vec![
        ("LATCHKEY_RECIPES", files.join(", ")),
        ("LATCHKEY_ISSUER_KEY", key()),
        ("LATCHKEY_ISSUER_NEXT_KEY", key()),
        ("ACME_SECRET", SECRET.to_owned()),
        ("ACME_APP", "app".to_owned()),
    ]
}

/// A private key as a variable has it, with its line breaks as in JSON.
fn write_key(key: p256::SecretKey) -> String {
    let pem = key.to_pkcs8_pem(LineEnding::LF).unwrap();
    pem.trim_end().replace('\n', "\\n")
}

/// None: the token is signed here.
pub fn exchanges(_: &TestApp) -> usize {
    0
}

fn claims(response: &Response) -> Value {
    assert_eq!(response.status, 200, "{}", response.body);
    let mut validation = Validation::new(Algorithm::HS256);
    validation.validate_exp = false;
    validation.validate_aud = false;
    let token = response.json()["token"].as_str().unwrap().to_owned();
    let key = DecodingKey::from_secret(SECRET.as_bytes()).unwrap();
    decode(&token, &key, &validation).unwrap().claims
}

async fn post(browser: &Browser, origin: &str, kind: &str, body: &str) -> Response {
    let request = browser.request(Method::POST, PATH);
    let request = request
        .header("origin", origin)
        .header("sec-fetch-site", "same-site")
        .header("sec-fetch-mode", "cors")
        .header("sec-fetch-dest", "empty")
        .header("content-type", kind)
        .body(body.to_owned());
    browser.send(request).await
}

fn site(browser: &Browser) -> String {
    format!("http://www.latchkey.localhost:{}", browser.port)
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn the_credential_is_the_session_users_by_get_and_by_post_at_both_paths() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"].clone();
    let exp = app.clock.now().seconds() - 5 + 600;
    let expected = json!({ "sub": uid, "email": DANA, "aud": "app", "exp": exp });
    for path in [PATH, OWN_PATH] {
        let response = ask(&browser, path).await;
        assert_eq!(claims(&response), expected);
        assert_eq!(response.json()["expiresIn"], 595);
        assert_eq!(response.header("cache-control"), "no-store");
        assert_eq!(
            response.header("access-control-allow-origin"),
            site(&browser)
        );
        assert_eq!(response.header("access-control-allow-credentials"), "true");
    }
    let response = post(&browser, &site(&browser), FORM, "").await;
    assert_eq!(claims(&response), expected);
}

#[tokio::test]
async fn only_declared_parameters_reach_a_claim() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"].clone();
    let others = "sub=rival&email=rival%40latchkey.localhost&user=rival&user.id=rival&aud=x&exp=1&plan=gold&id=rival";
    let query = format!("{PATH}?room=lobby&seat=3&{others}");
    let form = format!("room=lobby&seat=3&{others}");
    let object = json!({ "room": "lobby", "seat": 3, "sub": "rival", "plan": "gold", "exp": 1, "user": { "id": "rival" } });
    for response in [
        ask(&browser, &query).await,
        post(&browser, &site(&browser), FORM, &form).await,
        post(
            &browser,
            &site(&browser),
            "application/json",
            &object.to_string(),
        )
        .await,
    ] {
        let claims = claims(&response);
        let exp = app.clock.now().seconds() + 595;
        let expected = json!({ "sub": uid, "email": DANA, "aud": "app", "exp": exp, "room": "lobby", "seat": 3 });
        assert_eq!(claims, expected);
    }
}

#[tokio::test]
async fn a_parameter_that_is_not_allowed_gives_no_credential() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    for query in [
        "room=Lobby",
        "room=lobbylobby",
        "room=a%0a",
        "room=a&room=a",
        "seat=10",
        "seat=-1",
        "seat=x",
        "room=%ff",
    ] {
        let response = ask(&browser, &format!("{PATH}?{query}")).await;
        assert_eq!(response.status, 400, "{query}: {}", response.body);
        assert!(!response.body.contains("eyJ"), "{query}");
    }
    let twice = post(
        &browser,
        &site(&browser),
        "application/json",
        r#"{"room":"a","room":"b"}"#,
    )
    .await;
    assert_eq!(twice.status, 400);
    let broken = post(&browser, &site(&browser), "application/json", "{").await;
    assert_eq!(broken.status, 400);
    let large = format!("room={}", "a".repeat(20_000));
    assert_eq!(
        post(&browser, &site(&browser), FORM, &large).await.status,
        413
    );
}

#[tokio::test]
async fn no_other_origin_and_no_stranger_gets_a_credential() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let sibling = format!("http://evil.latchkey.localhost:{}", app.addr.port());
    for origin in ["https://evil.test", "null", sibling.as_str()] {
        for kind in [FORM, "application/json", "text/plain"] {
            let response = post(&browser, origin, kind, "").await;
            assert_eq!(response.status, 403, "{origin} {kind}: {}", response.body);
            assert!(
                response.header("access-control-allow-origin").is_empty(),
                "{origin}"
            );
        }
    }
    // A form of a page of the site is a navigation, which no script reads.
    let request = browser.request(Method::POST, PATH);
    let request = request
        .header("origin", site(&browser))
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    assert_eq!(browser.send(request).await.status, 403);
    let stranger = app.anonymous();
    assert_eq!(ask(&stranger, PATH).await.status, 401);
    assert_eq!(
        post(&stranger, &site(&stranger), FORM, "").await.status,
        401
    );
    app.execute("UPDATE users SET email_verified_at = NULL")
        .await;
    assert_eq!(ask(&browser, PATH).await.status, 403);
}

#[tokio::test]
async fn attributes_are_what_others_have_said_of_the_user() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let uid = browser.get("/api/viewer").await.json()["uid"]
        .as_str()
        .unwrap()
        .to_owned();
    let attributes = json!({ "plan": "gold", "other": "no one asked" });
    let attributes = Attributes::parse(attributes.as_object().unwrap()).unwrap();
    let mut tx = app.state.database.write().await.unwrap();
    set_attributes(&mut tx, &uid, &attributes).await.unwrap();
    tx.commit().await.unwrap();
    let claims = claims(&ask(&browser, PATH).await);
    assert_eq!(claims["plan"], "gold");
    assert!(claims.get("other").is_none());
}

#[tokio::test]
async fn each_use_is_in_the_audit_log_under_the_recipes_name() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    assert_eq!(ask(&browser, PATH).await.status, 200);
    app.state.uses.flush(&app.state.database).await.unwrap();
    let vendor: String = server::database::query("SELECT vendor FROM credential_uses")
        .fetch_one(app.state.database.read())
        .await
        .unwrap();
    assert_eq!(vendor, "acme");
}

#[tokio::test]
async fn too_many_requests_are_refused() {
    let app = TestApp::start_with(&[("LATCHKEY_LIMIT_CREDENTIAL_BURST", "2")]).await;
    let browser = app.signed_in().await;
    let mut statuses = Vec::new();
    for _ in 0..3 {
        statuses.push(ask(&browser, PATH).await.status);
    }
    assert_eq!(statuses, [200, 200, 429]);
}

#[tokio::test]
async fn a_new_key_in_its_file_signs_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secret");
    fs::write(&file, SECRET).unwrap();
    let path = file.display().to_string();
    let app = TestApp::start_with(&[("ACME_SECRET", ""), ("ACME_SECRET_FILE", &path)]).await;
    let browser = app.signed_in().await;
    claims(&ask(&browser, PATH).await);
    // Still being written: too short. The former key signs.
    fs::write(&file, "short").unwrap();
    claims(&ask(&browser, PATH).await);
    let other = "another-secret-of-the-vendor-acme-in-tests";
    fs::write(&file, other).unwrap();
    let response = ask(&browser, PATH).await;
    let token = response.json()["token"].as_str().unwrap().to_owned();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let key = DecodingKey::from_secret(other.as_bytes()).unwrap();
    let valid = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key, Algorithm::HS256);
    assert!(valid.unwrap());
    assert!(URL_SAFE_NO_PAD.decode(signature).is_ok());
}

#[tokio::test]
async fn a_backend_verifies_tokens_with_the_published_keys() {
    let app = TestApp::start().await;
    let browser = app.signed_in().await;
    let token = ask(&browser, "/api/backend/credential").await.json()["token"].clone();
    let token = token.as_str().unwrap();
    // As a backend reads them: without a cookie, an origin or a browser's headers.
    let backend = app.anonymous();
    let document = backend
        .get("/.well-known/openid-configuration")
        .await
        .json();
    let origin = format!("http://login.latchkey.localhost:{}", app.addr.port());
    let keys = format!("{origin}/.well-known/jwks.json");
    assert_eq!(document, json!({ "issuer": origin, "jwks_uri": keys }));
    let response = backend.get("/.well-known/jwks.json").await;
    assert_eq!(response.header("cache-control"), "public, max-age=300");
    for key in response.json()["keys"].as_array().unwrap() {
        assert!(key.get("d").is_none(), "a private key is published");
        assert_eq!((&key["use"], &key["alg"]), (&json!("sig"), &json!("ES256")));
    }
    let keys: JwkSet = serde_json::from_str(&response.body).unwrap();
    assert_eq!(keys.keys.len(), 2, "the current and the next one");
    let kid = decode_header(token).unwrap().kid.unwrap();
    let key = DecodingKey::from_jwk(keys.find(&kid).unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::ES256);
    validation.validate_exp = false;
    validation.set_issuer(&[&origin]);
    validation.set_audience(&["backend"]);
    let claims: Value = decode(token, &key, &validation).unwrap().claims;
    assert_eq!(
        claims["sub"],
        browser.get("/api/viewer").await.json()["uid"]
    );
}

const EXCHANGE: &str = r#"
label = "Exchange"
docs = "https://docs.example.com"
checked = 2026-11-30
sure = "sdk"
shape = "exchange"
lifetime = 600

[settings]
api = "ACME_API"

[key]
variable = "ACME_SECRET"
encoding = "utf8"

[request]
url = "{setting.api}/tokens?v=1"
authorization = "bearer"
body = { email = "{user.email}", who = { name = { value = "{user.name}", optional = true } } }

[answer]
token = "data.token"
id = "id"

[response]
token = "{answer.token}"
id = "{answer.id}"
"#;

/// A server with one recipe, whose vendor gives these replies.
async fn exchanging(recipe: &str, replies: Vec<Reply>) -> (TestApp, Stub, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("exchange.toml");
    fs::write(&file, recipe).unwrap();
    let stub = Stub::start(replies).await;
    let settings = [
        ("LATCHKEY_RECIPES", file.to_str().unwrap()),
        ("ACME_API", &stub.url),
    ];
    (TestApp::start_with(&settings).await, stub, folder)
}

const EXCHANGE_PATH: &str = "/api/exchange/credential";

#[tokio::test]
async fn a_vendor_is_asked_once_with_the_key_and_its_answer_is_handed_on() {
    let answer = r#"{"data":{"token":"t1","more":"x"},"id":7,"secret":"s"}"#;
    let (app, stub, _folder) = exchanging(EXCHANGE, vec![Reply::json(200, answer)]).await;
    let response = ask(&app.signed_in().await, EXCHANGE_PATH).await;
    let expected = json!({ "token": "t1", "id": "7", "expiresIn": 595 });
    assert_eq!(response.json(), expected);
    let requests = stub.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        requests[0].starts_with("POST /tokens?v=1 HTTP/1.1\r\n"),
        "{}",
        requests[0]
    );
    assert!(requests[0].contains(&format!("authorization: Bearer {SECRET}\r\n")));
    let body = format!(r#"{{"email":"{DANA}","who":{{"name":"Dana Demo"}}}}"#);
    assert!(requests[0].ends_with(&body), "{}", requests[0]);
}

#[tokio::test]
async fn an_answer_that_is_no_credential_is_not_handed_on_and_no_request_is_repeated() {
    let large = format!(r#"{{"data":{{"token":"{}"}},"id":7}}"#, "a".repeat(70_000));
    let location = "location: https://evil.test/\r\n";
    for reply in [
        Reply::json(500, "{}"),
        Reply::json(401, r#"{"data":{"token":"t"},"id":7}"#),
        Reply::json(404, "no one"),
        Reply::with_headers(302, location, ""),
        Reply::json(200, "no JSON"),
        Reply::json(200, "{}"),
        Reply::json(200, r#"{"data":{"token":""},"id":7}"#),
        Reply::json(200, r#"{"data":{"token":null},"id":7}"#),
        Reply::json(200, r#"{"data":{"token":{"a":1}},"id":7}"#),
        Reply::json(200, r#"{"data":["t"],"id":7}"#),
        Reply::json(200, &large),
        Reply::Close,
    ] {
        let (app, stub, _folder) = exchanging(EXCHANGE, vec![reply]).await;
        let response = ask(&app.signed_in().await, EXCHANGE_PATH).await;
        assert_eq!(response.status, 503, "{}", response.body);
        assert_eq!(response.body, r#"{"error":"Not available"}"#);
        assert_eq!(stub.requests().len(), 1);
    }
}

#[tokio::test]
async fn who_signs_out_while_the_vendor_is_asked_gets_nothing() {
    let until = Arc::new(Notify::new());
    let answer = Reply::json(200, r#"{"data":{"token":"t"},"id":7}"#).held(&until);
    let (app, stub, _folder) = exchanging(EXCHANGE, vec![answer]).await;
    let browser = app.signed_in().await;
    let asked = ask(&browser, EXCHANGE_PATH);
    let out = async {
        while stub.requests().is_empty() {
            tokio::task::yield_now().await;
        }
        app.execute("DELETE FROM sessions").await;
        until.notify_one();
    };
    let (response, ()) = tokio::join!(asked, out);
    assert_eq!(response.status, 401, "{}", response.body);
}

#[tokio::test]
async fn the_key_goes_where_the_recipe_says() {
    for (authorization, key, expected) in [
        (
            "Api-Token",
            SECRET.to_owned(),
            format!("api-token: {SECRET}\r\n"),
        ),
        (
            "basic",
            "name:a-secret-with-more-than-32-characters".to_owned(),
            "authorization: Basic bmFtZTphLXNlY3JldC13aXRoLW1vcmUtdGhhbi0zMi1jaGFyYWN0ZXJz\r\n"
                .to_owned(),
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("exchange.toml");
        let recipe = EXCHANGE.replace("\"bearer\"", &format!("{authorization:?}"));
        fs::write(&file, recipe).unwrap();
        let stub = Stub::start(vec![Reply::json(200, r#"{"data":{"token":"t"},"id":7}"#)]).await;
        let settings = [
            ("LATCHKEY_RECIPES", file.to_str().unwrap()),
            ("ACME_API", &stub.url),
            ("ACME_SECRET", &key),
        ];
        let app = TestApp::start_with(&settings).await;
        assert_eq!(ask(&app.signed_in().await, EXCHANGE_PATH).await.status, 200);
        assert!(
            stub.requests()[0].contains(&expected),
            "{}",
            stub.requests()[0]
        );
    }
}
