//! A correct host of the project. Tests alter its requests.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use reqwest::{Method, RequestBuilder};
use sandbox::xsolla::{PERSONAS, Persona};
use serde_json::{Value, json};
use url::Url;

use crate::harness::{Reply, Sandbox};

pub(super) const PROJECT: &str = "40db2ea4-5d42-11e6-a3ff-005056a0e04a";
pub(super) const SECRET: &str = "xsolla-demo-secret-not-for-production";
pub(super) const CLIENT: &str = "1001";
pub(super) const CLIENT_SECRET: &str = "xsolla-demo-client-secret-not-for-production";
pub(super) const CALLBACK: &str = "http://login.latchkey.localhost:3000/oauth/xsolla/callback";
pub(super) const SITE_PAGE: &str = "http://www.latchkey.localhost:3000/xsolla";
pub(super) const PASSWORD: &str = "correct horse battery staple";
/// The verifier of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(super) const DANA: &Persona = &PERSONAS[0];
pub(super) const SASHA: &Persona = &PERSONAS[2];

pub(super) type Fields = BTreeMap<String, String>;

pub(super) fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// `all` with `changes`; an empty value removes a field.
pub(super) fn with(mut all: Fields, changes: &[(&str, &str)]) -> Fields {
    all.extend(fields(changes));
    all.retain(|_, value| !value.is_empty());
    all
}

/// A valid request of the JWT flow.
pub(super) fn jwt_request() -> Fields {
    fields(&[
        ("projectId", PROJECT),
        ("login_url", CALLBACK),
        ("payload", "a state of the host"),
    ])
}

/// A valid request of the OAuth 2.0 flow.
pub(super) fn oauth_request() -> Fields {
    fields(&[
        ("projectId", PROJECT),
        ("client_id", CLIENT),
        ("response_type", "code"),
        ("redirect_uri", CALLBACK),
        ("state", "af0ifjsldkj"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// A valid token request.
pub(super) fn exchange(code: &str) -> Fields {
    fields(&[
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT),
        ("client_secret", CLIENT_SECRET),
        ("code", code),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
    ])
}

/// The query parameters of a URL.
pub(super) fn query(address: &str) -> Fields {
    let url = Url::parse(address).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The parameters with which the browser returns to the host.
pub(super) fn returned(reply: &Reply) -> Fields {
    assert_eq!(reply.status, 303, "{}", reply.body);
    let location = reply.header("location");
    assert!(location.starts_with(&format!("{CALLBACK}?")), "{location}");
    query(location)
}

/// Status and code of an error response, `{"error":{"code":…}}`.
pub(super) fn refusal(reply: &Reply) -> (u16, String) {
    let error = &reply.json()["error"];
    assert!(error["description"].is_string(), "{}", reply.body);
    (reply.status, error["code"].as_str().unwrap().to_owned())
}

/// Signs this header and these claims, both as they are, with the project's secret.
pub(super) fn sealed(header: &str, claims: &str, algorithm: Algorithm) -> String {
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let message = format!("{}.{}", encode(header), encode(claims));
    let key = EncodingKey::from_secret(SECRET.as_bytes()).unwrap();
    let signature = crypto::sign(message.as_bytes(), &key, algorithm).unwrap();
    format!("{message}.{signature}")
}

impl Sandbox {
    /// `POST /login` with Dana's name and password.
    pub(super) fn xsolla_login(&self, query: &Fields) -> RequestBuilder {
        self.xsolla_login_at("login", query)
    }

    /// The same at another endpoint of the API.
    pub(super) fn xsolla_login_at(&self, endpoint: &str, query: &Fields) -> RequestBuilder {
        let body = json!({ "username": "dana", "password": PASSWORD });
        let request = self.request(Method::POST, &format!("/xsolla/api/{endpoint}"));
        request.query(query).json(&body)
    }

    /// Opens the login page.
    pub(super) async fn xsolla_page(&self, request: &Fields) -> Reply {
        let page = self.request(Method::GET, "/xsolla/login");
        Reply::of(page.query(request)).await
    }

    /// Submits a choice on the login page.
    pub(super) async fn xsolla_choose(&self, request: &Fields, choice: &str) -> Reply {
        let form = with(request.clone(), &[("choice", choice)]);
        Reply::of(self.request(Method::POST, "/xsolla/login").form(&form)).await
    }

    /// The user JWT from the JWT flow.
    pub(super) async fn xsolla_token(&self, persona: &Persona) -> String {
        returned(&self.xsolla_choose(&jwt_request(), persona.sub).await)["token"].clone()
    }

    pub(super) async fn xsolla_code(&self, request: &Fields) -> String {
        returned(&self.xsolla_choose(request, DANA.sub).await)["code"].clone()
    }

    pub(super) async fn xsolla_exchange(&self, form: &Fields) -> Reply {
        let request = self.request(Method::POST, "/xsolla/api/oauth2/token");
        Reply::of(request.form(form)).await
    }

    /// The server JWT of the project's own server.
    pub(super) async fn xsolla_server_token(&self) -> String {
        let form = with(exchange(""), &[("grant_type", "client_credentials")]);
        let tokens = self.xsolla_exchange(&form).await.json();
        tokens["access_token"].as_str().unwrap().to_owned()
    }

    pub(super) async fn xsolla_keys(&self) -> Vec<Value> {
        let path = format!("/xsolla/api/projects/{PROJECT}/keys");
        serde_json::from_value(self.get(&path).await.json()).unwrap()
    }

    pub(super) async fn xsolla_validate(&self, token: &str) -> Reply {
        let request = self.request(Method::POST, "/xsolla/api/token/validate");
        Reply::of(request.json(&json!({ "token": token }))).await
    }
}
