//! A newer version migrates the schema while this one runs: this one goes on, and does not start any more.

use futures_util::future::join_all;
use server::database::query;

use crate::{
    harness::{GOOD_PASSWORD, PASSWORD, RIVA, TestApp, open, postgres, run_outside},
    oauth::{
        linking::{link, removals},
        sign_in_as,
    },
    vendors,
};

const NEW_PASSWORD: &str = "nine orange boats at dawn";

/// The names of all tables.
async fn tables(app: &TestApp) -> Vec<String> {
    let names = if postgres().is_some() {
        "SELECT tablename::text FROM pg_tables
         WHERE schemaname = current_schema() AND tablename <> '_sqlx_migrations'"
    } else {
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> '_sqlx_migrations'"
    };
    query(names)
        .fetch_all(app.state.database.read())
        .await
        .unwrap()
}

/// Does to every table all that a migration may, and records a version that this one does not know.
async fn migrate_as_newer_version(app: &TestApp) {
    let mut migration = "CREATE TABLE added (
            id TEXT PRIMARY KEY,
            user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE
        );
        INSERT INTO added (id, user_id) SELECT id, id FROM users;
        INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'from the future', TRUE, '', 0);"
        .to_owned();
    for table in tables(app).await {
        migration += &format!(
            "ALTER TABLE {table} ADD COLUMN added_text TEXT;
             ALTER TABLE {table} ADD COLUMN added_number BIGINT NOT NULL DEFAULT 7;
             CREATE INDEX {table}_by_added ON {table} (added_number);"
        );
    }
    run_outside(&app.database_url(), migration).await;
}

/// Does what users do, and on every connection what readiness does.
async fn use_everything(app: &TestApp, turn: &str) {
    let email = format!("{turn}@example.test");
    app.register(&email, GOOD_PASSWORD).await;
    let token = app.reset_token(&email).await;
    let form = [("token", token.as_str()), ("new_password", NEW_PASSWORD)];
    let reset = app.anonymous().post("/reset-password", &form).await;
    assert_eq!(reset.location(), "/login?notice=password-reset");

    let user = app.signed_in_as(&email, NEW_PASSWORD).await;
    let profile = [("display_name", "New Name"), ("photo_url", "")];
    let saved = user.post("/account/profile", &profile).await;
    assert_eq!(saved.location(), "/account?notice=profile-saved");
    let linked = link(app, &user, "vera-verified").await;
    assert_eq!(linked.location(), "/account?notice=account-linked");
    let elsewhere = app.anonymous();
    sign_in_as(app, &elsewhere, "vera-verified").await;
    assert!(elsewhere.get("/account").await.body.contains("New Name"));
    let removal = removals(&user).await.remove(0);
    let removed = user.post(&removal, &[]).await;
    assert_eq!(removed.location(), "/account?notice=account-unlinked");

    vendors::all_answer(&app.signed_in_as(RIVA, PASSWORD).await, 200).await;
    user.post("/logout", &[]).await;
    assert!(!user.is_signed_in().await);
    app.sweeper.sweep().await.unwrap();
    for checked in join_all((0..6).map(|_| app.state.database.check())).await {
        checked.unwrap();
    }
}

#[tokio::test]
async fn a_running_server_goes_on_while_a_newer_version_migrates() {
    let app = TestApp::start().await;
    use_everything(&app, "before").await;
    migrate_as_newer_version(&app).await;
    use_everything(&app, "after").await;
    app.execute("DELETE FROM users").await;
    assert_eq!(app.count("SELECT COUNT(*) FROM added").await, 0);
}

#[tokio::test]
async fn a_schema_from_a_newer_version_is_refused() {
    let app = TestApp::start().await;
    migrate_as_newer_version(&app).await;
    let error = open(&app.database_url()).await.unwrap_err();
    let error = format!("{error:#}");
    assert!(error.contains("9999"), "{error}");
}
