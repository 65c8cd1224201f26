//! A correct client of the provider. Tests alter its requests.

use std::collections::BTreeMap;

use reqwest::{Method, RequestBuilder};
use serde_json::Value;
use url::Url;

use crate::harness::{Reply, Sandbox};

pub(super) const ID: &str = "latchkey-demo";
pub(super) const SECRET: &str = "latchkey-demo-sso-secret-not-for-production";
pub(super) const REDIRECT_URI: &str = "http://login.latchkey.localhost:3000/oauth/sso/callback";
pub(super) const NONCE: &str = "n-0S6_WzA2Mj";
/// The verifier of RFC 7636, appendix B.
pub(super) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(super) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(super) type Fields = BTreeMap<String, String>;

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

/// `all` with `changes`; an empty value removes a field.
pub(super) fn with(mut all: Fields, changes: &[(&str, &str)]) -> Fields {
    all.extend(fields(changes));
    all.retain(|_, value| !value.is_empty());
    all
}

/// A valid authorization request.
pub(super) fn request() -> Fields {
    fields(&[
        ("client_id", ID),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("scope", "openid profile email"),
        ("state", "af0ifjsldkj"),
        ("nonce", NONCE),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ])
}

/// A valid token request.
pub(super) fn exchange(code: &str) -> Fields {
    fields(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", REDIRECT_URI),
        ("code_verifier", VERIFIER),
    ])
}

/// The parameters with which the browser returns to the client.
pub(super) fn returned(reply: &Reply) -> Fields {
    assert_eq!(reply.status, 303, "{}", reply.body);
    let location = reply.header("location");
    assert!(location.starts_with(REDIRECT_URI), "{location}");
    Url::parse(location)
        .unwrap()
        .query_pairs()
        .into_owned()
        .collect()
}

impl Sandbox {
    /// Opens the authorization page.
    pub(super) async fn ask(&self, request: &Fields) -> Reply {
        let page = self.request(Method::GET, "/sso/authorize");
        Reply::of(page.query(request)).await
    }

    /// Submits a choice on the authorization page.
    pub(super) async fn choose(&self, request: &Fields, choice: &str) -> Reply {
        let form = with(request.clone(), &[("choice", choice)]);
        Reply::of(self.request(Method::POST, "/sso/authorize").form(&form)).await
    }

    pub(super) async fn code(&self, request: &Fields, choice: &str) -> String {
        returned(&self.choose(request, choice).await)["code"].clone()
    }

    pub(super) fn token_request(&self) -> RequestBuilder {
        self.request(Method::POST, "/sso/token")
    }

    pub(super) async fn exchange(&self, form: &Fields) -> Reply {
        let request = self.token_request().basic_auth(ID, Some(SECRET));
        Reply::of(request.form(form)).await
    }

    /// The whole login, up to the token endpoint's response.
    pub(super) async fn log_in(&self, choice: &str) -> Value {
        let code = self.code(&request(), choice).await;
        self.exchange(&exchange(&code)).await.json()
    }

    pub(super) async fn userinfo(&self, access_token: &str) -> Reply {
        let request = self.request(Method::GET, "/sso/userinfo");
        Reply::of(request.bearer_auth(access_token)).await
    }
}
