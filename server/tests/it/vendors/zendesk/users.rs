//! Chat and Messaging without each other, and the stored links between users and vendors' ids.

use std::time::Duration;

use super::{CHAT, MESSAGING, assert_refused};
use crate::{harness::TestApp, vendors::readable::ask};

#[tokio::test]
async fn a_part_without_settings_is_not_there_and_the_other_is() {
    let app = TestApp::start_with(&[("ZENDESK_CHAT_SECRET", "")]).await;
    for browser in [app.anonymous(), app.signed_in().await] {
        assert_refused(&ask(&browser, CHAT).await, 404, "00-08");
    }
    assert_eq!(ask(&app.signed_in().await, MESSAGING).await.status, 200);
}

#[tokio::test]
async fn who_is_whom_is_written_once_a_day() {
    const LINKS: &str = "SELECT COUNT(*) FROM vendor_links";
    const LATEST: &str = "SELECT MAX(last_at) FROM vendor_links";
    let app = TestApp::start().await;
    let dana = app.signed_in().await;
    for path in [CHAT, MESSAGING, CHAT] {
        assert_eq!(ask(&dana, path).await.status, 200);
    }
    let began = app.clock.now().0;
    assert_eq!(
        (app.count(LINKS).await, app.count(LATEST).await),
        (1, began)
    );
    app.clock.advance(Duration::from_secs(23 * 60 * 60));
    ask(&dana, CHAT).await;
    assert_eq!(app.count(LATEST).await, began);
    app.clock.advance(Duration::from_secs(60 * 60));
    ask(&dana, CHAT).await;
    assert_eq!(
        (app.count(LINKS).await, app.count(LATEST).await),
        (1, app.clock.now().0)
    );
}

#[tokio::test]
async fn a_link_that_cannot_be_written_stops_no_one() {
    let app = TestApp::start().await;
    app.execute("DROP TABLE vendor_links").await;
    assert_eq!(ask(&app.signed_in().await, CHAT).await.status, 200);
}
