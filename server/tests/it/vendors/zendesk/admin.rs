//! `/admin/visitors`: finds the account of a Chat visitor, and the visitor of an account.

use sandbox::zendesk::{CreatedFormat, SettingsChange, VisitorIdFormat};

use super::{CHAT, chat_says};
use crate::{
    harness::{Browser, DANA, PASSWORD, RIVA, Response, TestApp},
    vendors::readable::ask,
};

pub(super) const PAGE: &str = "/admin/visitors";

pub(super) async fn app() -> TestApp {
    TestApp::start_with(&[("LATCHKEY_ADMINS", DANA)]).await
}

/// Starts a chat with the user's token, and returns the visitor's id.
pub(super) async fn chat(app: &TestApp, token: &Response) -> String {
    assert_eq!(chat_says(app, token).await.status, 200);
    app.sandbox.zendesk().visitors().pop().unwrap().id
}

pub(super) async fn look_up(browser: &Browser, visitor: &str) -> String {
    let page = browser.get(&format!("{PAGE}?visitor={visitor}")).await;
    assert_eq!(page.status, 200);
    page.body
}

#[tokio::test]
async fn a_visitor_leads_to_the_account_and_the_account_to_the_visitor() {
    let app = app().await;
    let dana = app.signed_in().await;
    let riva = app.signed_in_as(RIVA, PASSWORD).await;
    let uid = riva.get("/api/viewer").await.json()["uid"].clone();
    let uid = uid.as_str().unwrap();
    let id = chat(&app, &ask(&riva, CHAT).await).await;
    for id in [id.clone(), id.replace('.', "-")] {
        let page = look_up(&dana, &id).await;
        assert!(
            page.contains("Riva L. Rival") && page.contains(RIVA),
            "{id}"
        );
        assert!(page.contains(&format!("{PAGE}?account={uid}")), "{id}");
    }
    let page = dana.get(&format!("{PAGE}?account={uid}")).await.body;
    assert!(page.contains("Zendesk Chat") && page.contains("this account"));
    let unknown = dana.get(&format!("{PAGE}?account={DANA}")).await.body;
    assert!(unknown.contains("No vendor has received an ID for this account yet."));
}

#[tokio::test]
async fn ids_and_times_are_read_however_they_are_written() {
    let app = app().await;
    let dana = app.signed_in().await;
    let id = chat(&app, &ask(&dana, CHAT).await).await;
    let day = app.clock.now().date().unwrap();
    for visitor_id in [
        VisitorIdFormat::Dotted,
        VisitorIdFormat::Text,
        VisitorIdFormat::Integer,
    ] {
        for created in [CreatedFormat::Seconds, CreatedFormat::Iso] {
            app.sandbox.zendesk().change(&SettingsChange {
                visitor_id: Some(visitor_id),
                created: Some(created),
                ..SettingsChange::default()
            });
            let page = look_up(&dana, &id).await;
            assert!(
                page.contains("Dana Demo") && page.contains(&day),
                "{visitor_id:?}"
            );
        }
    }
}

#[tokio::test]
async fn both_addresses_of_the_api_show_visitors() {
    let app = app().await;
    let id = chat(&app, &ask(&app.signed_in().await, CHAT).await).await;
    let url = format!("{}/zendesk/api/v2/chat", app.sandbox.url());
    let (browser, _server) = app
        .restarted(&[("LATCHKEY_ADMINS", DANA), ("ZENDESK_CHAT_API_URL", &url)])
        .await;
    browser.sign_in(DANA, PASSWORD).await;
    assert!(look_up(&browser, &id).await.contains("Dana Demo"));
}

#[tokio::test]
async fn a_visitor_that_no_one_here_knows_says_so() {
    let app = app().await;
    let dana = app.signed_in().await;
    let id = chat(
        &app,
        &ask(&app.signed_in_as(RIVA, PASSWORD).await, CHAT).await,
    )
    .await;
    app.execute("DELETE FROM users WHERE email = 'rival@latchkey.localhost'")
        .await;
    let page = look_up(&dana, &id).await;
    assert!(page.contains("No account or upstream login has this external ID."));
    assert_eq!(app.count("SELECT COUNT(*) FROM vendor_links").await, 0);
    for id in [
        "9855790.unknown",
        "..",
        "a/../b",
        "%2e%2e%2f",
        "1%3Fx",
        "%00",
    ] {
        assert!(
            look_up(&dana, id).await.contains("No visitor has this ID."),
            "{id}"
        );
    }
}
