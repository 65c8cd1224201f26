//! A failed write, as with a full disk, affects nothing else: the next write works as soon as there is space.

use server::database::{StorageError, query};

use crate::harness::{DANA, PASSWORD, TestApp};

/// How a transaction ends after its write has failed.
#[derive(Clone, Copy, Debug)]
enum End {
    Dropped,
    RolledBack,
    Committed,
}

/// Stops the file from growing, writes more than fits, and ends the transaction.
async fn fail_to_write(app: &TestApp, end: End) {
    let mut tx = app.state.database.write().await.unwrap();
    // SQLite raises a limit that is below the current size of the file to that size.
    query("PRAGMA max_page_count = 1")
        .execute(&mut tx)
        .await
        .unwrap();
    let written = query(
        "INSERT INTO chat_boxes (id, name, return_url) VALUES ('large', zeroblob(1000000), '')",
    )
    .execute(&mut tx)
    .await;
    let error = written.unwrap_err();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error}");
    match end {
        End::Dropped => drop(tx),
        // This and the commit fail, since SQLite has already ended the transaction.
        End::RolledBack => drop(tx.rollback().await),
        End::Committed => drop(tx.commit().await),
    }
}

#[tokio::test]
async fn after_a_full_disk_the_next_write_works_without_a_restart() {
    let app = TestApp::start_on_file().await;
    for end in [End::Dropped, End::RolledBack, End::Committed] {
        for _ in 0..3 {
            fail_to_write(&app, end).await;
            let browser = app.anonymous();
            let response = browser.sign_in(DANA, PASSWORD).await;
            assert_eq!(response.status, 303, "{end:?}: {}", response.body);
            assert_eq!(browser.post("/logout", &[]).await.status, 303, "{end:?}");
        }
    }
    assert_eq!(
        app.count("SELECT COUNT(*) FROM chat_boxes WHERE id = 'large'")
            .await,
        0
    );
}
