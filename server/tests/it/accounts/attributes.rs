//! Attributes of users in the database.

use serde_json::json;
use server::accounts::{Attributes, attributes_of, set_attributes};

use crate::harness::TestApp;

#[tokio::test]
async fn a_users_attributes_are_read_all_at_once_as_they_were_set() {
    let app = TestApp::start().await;
    let dana: String = id(
        &app,
        "SELECT id FROM users WHERE email_key = 'demo@latchkey.localhost'",
    )
    .await;
    let riva: String = id(
        &app,
        "SELECT id FROM users WHERE email_key = 'rival@latchkey.localhost'",
    )
    .await;
    let parse = |object: serde_json::Value| Attributes::parse(object.as_object().unwrap()).unwrap();
    let first = parse(json!({ "plan": "gold", "seats": 12, "note": "a\0b — ü" }));
    let change = parse(json!({ "plan": "silver", "beta": true }));
    let other = parse(json!({ "plan": "bronze" }));
    let database = &app.state.database;
    let mut tx = database.write().await.unwrap();
    for (user, attributes) in [(&dana, &first), (&dana, &change), (&riva, &other)] {
        set_attributes(&mut tx, user, attributes).await.unwrap();
    }
    tx.commit().await.unwrap();

    let all = parse(json!({ "beta": true, "note": "a\0b — ü", "plan": "silver", "seats": 12 }));
    assert_eq!(attributes_of(database.read(), &dana).await.unwrap(), all);
    assert_eq!(attributes_of(database.read(), &riva).await.unwrap(), other);
    assert!(
        attributes_of(database.read(), "0")
            .await
            .unwrap()
            .is_empty()
    );

    app.execute("DELETE FROM users WHERE email_key = 'rival@latchkey.localhost'")
        .await;
    assert!(
        attributes_of(database.read(), &riva)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn id(app: &TestApp, sql: &'static str) -> String {
    server::database::query(sql)
        .fetch_one(app.state.database.read())
        .await
        .unwrap()
}
