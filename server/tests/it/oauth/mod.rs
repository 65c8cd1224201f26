//! OID, LNK, UPS: signing in through identity providers, against the sandbox's.

mod personas;

use url::Url;

use crate::harness::{Answer, Browser, TestApp};

/// Presses "Continue with Example SSO", chooses a persona there, and comes back.
async fn sign_in_as(app: &TestApp, browser: &Browser, persona: &str) -> Answer {
    let answer = browser.get("/oauth/sso/start").await;
    let back = choose(app, &answer, persona).await;
    browser.get(&back).await
}

/// What the provider's page does when somebody is chosen: the URL it sends the browser to.
async fn choose(app: &TestApp, start: &Answer, persona: &str) -> String {
    assert_eq!(start.status, 303, "{}", start.body);
    let url = Url::parse(start.location()).unwrap();
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("choice".to_owned(), persona.to_owned()));
    let provider = Browser::new(app.sandbox.http);
    let request = provider
        .request(
            reqwest::Method::POST,
            &format!("{}/authorize", app.sandbox.sso().issuer()),
        )
        .header("origin", app.sandbox.url())
        .header("sec-fetch-site", "same-origin")
        .form(&form);
    let answer = provider.send(request).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}
