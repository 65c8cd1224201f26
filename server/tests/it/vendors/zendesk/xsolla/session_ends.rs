//! A session that ends while Xsolla is asked for its keys gives out no token, at none of the endpoints.

use std::sync::Arc;

use futures_util::future::join_all;
use sandbox::xsolla::{PERSONAS, Signature};
use tokio::sync::Notify;

use super::super::READABLE;
use crate::{
    harness::{Browser, DANA, Reply, Response, Stub, TestApp},
    vendors::{readable::ask, session_end::SessionEnd},
};

/// Asks with Dana's session and a token for whose key Xsolla must be asked, and which names no one in the end.
/// Meanwhile, something may end her session.
async fn ask_meanwhile(path: &str, end: Option<SessionEnd>) -> Response {
    let responds = Arc::new(Notify::new());
    let xsolla = Stub::start(vec![Reply::json(200, "[]").held(&responds)]).await;
    let app = TestApp::start_with(&[("XSOLLA_LOGIN_API_URL", &xsolla.url)]).await;
    let reset_token = app.reset_token(DANA).await;
    let browser = app.signed_in().await;
    app.sandbox.xsolla().change(Signature::Rs256);
    let token = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    browser.set_cookie("token", &token);
    let tab = Browser::new(app.addr);
    tab.set_cookie("latchkey", &browser.session());
    let meanwhile = async {
        xsolla.first_request().await;
        if let Some(end) = end {
            end.happen(&app, &tab, &reset_token).await;
        }
        responds.notify_one();
    };
    let (response, ()) = tokio::join!(ask(&browser, path), meanwhile);
    response
}

#[tokio::test]
async fn whatever_ends_the_session_meanwhile_no_token_is_given_out() {
    for end in SessionEnd::ALL {
        let responses = READABLE
            .iter()
            .map(|endpoint| ask_meanwhile(endpoint.path, Some(end)));
        for (endpoint, response) in READABLE.iter().zip(join_all(responses).await) {
            let what = format!("{}, {end:?}: {}", endpoint.path, response.body);
            assert_eq!(response.status, 401, "{what}");
            assert!(!response.body.contains("eyJ"), "{what}");
        }
    }
}

#[tokio::test]
async fn a_session_that_lives_gets_its_token_after_the_same_wait() {
    for endpoint in READABLE {
        let response = ask_meanwhile(endpoint.path, None).await;
        assert_eq!(response.status, 200, "{}: {}", endpoint.path, response.body);
    }
}
