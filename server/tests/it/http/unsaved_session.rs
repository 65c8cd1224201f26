//! A session that cannot be saved once the handler has responded.

use axum::{Router, body::Body, extract::Request, routing::get};
use server::{session, web::http::session_not_saved};
use tower::{ServiceBuilder, ServiceExt as _};
use tower_sessions::Session;

use crate::harness::TestApp;

#[tokio::test]
async fn a_session_that_cannot_be_saved_is_an_outage_and_no_bug() {
    let app = TestApp::start().await;
    let database = app.state.database.clone();
    let handler = move |session: Session| {
        let database = database.clone();
        async move {
            session.insert("name", "value").await.unwrap();
            database.close().await;
        }
    };
    let layers = ServiceBuilder::new()
        .map_response(session_not_saved)
        .layer(session::layer(app.state.sessions.clone()));
    let router = Router::new().route("/", get(handler)).layer(layers);
    let response = router.oneshot(Request::new(Body::empty())).await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
}
