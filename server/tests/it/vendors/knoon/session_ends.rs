//! A session that ends while the vendor is asked gives out no credential, through whichever channel a page asks for it.

use std::sync::Arc;

use futures_util::future::join_all;
use reqwest::Method;
use tokio::sync::Notify;

use super::{ask, granted};
use crate::{
    handoff::code::{CHALLENGE, codes},
    harness::{Browser, DANA, Response, Stub, TestApp},
    vendors::session_end::SessionEnd,
};

/// How a credential leaves the server.
#[derive(Clone, Copy, Debug)]
enum Channel {
    Popup,
    Renewal,
    Code,
}

const CHANNELS: [Channel; 3] = [Channel::Popup, Channel::Renewal, Channel::Code];

const FORM: [(&str, &str); 2] = [("chatBoxId", "cb_demo"), ("challenge", CHALLENGE)];

impl Channel {
    async fn ask(self, app: &TestApp, browser: &Browser) -> Response {
        match self {
            Self::Popup => ask(browser, "cb_demo").await,
            Self::Code => browser.post("/handoff/code", &FORM).await,
            Self::Renewal => {
                let request = browser
                    .request(Method::POST, "/api/handoff/renew")
                    .header("origin", app.site_origin())
                    .header("sec-fetch-site", "same-site");
                browser.send(request.form(&FORM[..1])).await
            }
        }
    }
}

/// Asks through this channel, and ends the session while the vendor has not yet responded.
async fn asked_while(channel: Channel, end: SessionEnd) {
    let responds = Arc::new(Notify::new());
    let vendor = Stub::start(vec![granted().held(&responds)]).await;
    let app = TestApp::start_with(&[("KNOON_API_URL", &vendor.url)]).await;
    let reset_token = app.reset_token(DANA).await;
    let browser = app.signed_in().await;
    let agreed = browser.post("/continue", &FORM).await;
    assert_eq!(agreed.status, 303, "{}", agreed.body);
    let tab = Browser::new(app.addr);
    tab.set_cookie("latchkey", &browser.session());
    let ended = async {
        vendor.first_request().await;
        end.happen(&app, &tab, &reset_token).await;
        responds.notify_one();
    };
    let (response, ()) = tokio::join!(channel.ask(&app, &browser), ended);
    assert_eq!(
        response.status, 401,
        "{channel:?}, {end:?}: {}",
        response.body
    );
    assert!(
        !response.body.contains("a.b.c"),
        "{channel:?}, {end:?}: {}",
        response.body
    );
    assert_eq!(codes(&app).await, 0, "{channel:?}, {end:?}");
}

#[tokio::test]
async fn whatever_ends_the_session_meanwhile_no_credential_is_given_out() {
    for end in SessionEnd::ALL {
        join_all(CHANNELS.map(|channel| asked_while(channel, end))).await;
    }
}
