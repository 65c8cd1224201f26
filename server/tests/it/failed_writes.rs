//! A failed write, as with a full disk, affects nothing else: the next write works as soon as there is space.

use server::database::{StorageError, query};

use crate::harness::{DANA, PASSWORD, TestApp};

/// How a write fails. SQLite ends the transaction by itself for some kinds and not for others.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Full,
    /// A violated constraint that ends the transaction.
    EndsTransaction,
    /// A violated constraint that ends the statement.
    EndsStatement,
    TooLarge,
}

const FAULTS: [Fault; 4] = [
    Fault::Full,
    Fault::EndsTransaction,
    Fault::EndsStatement,
    Fault::TooLarge,
];

/// How a transaction ends after its write has failed.
#[derive(Clone, Copy, Debug)]
enum End {
    Dropped,
    RolledBack,
    Committed,
}

impl Fault {
    fn statement(self) -> &'static str {
        match self {
            Self::Full => {
                "INSERT INTO chat_boxes (id, name, return_url) VALUES ('large', zeroblob(1000000), '')"
            }
            Self::EndsTransaction => "INSERT OR ROLLBACK INTO users SELECT * FROM users",
            Self::EndsStatement => "INSERT INTO users SELECT * FROM users",
            Self::TooLarge => {
                "INSERT INTO chat_boxes (id, name, return_url) VALUES ('large', zeroblob(2000000000), '')"
            }
        }
    }
}

/// Writes something that fails, and ends the transaction.
async fn fail_to_write(app: &TestApp, fault: Fault, end: End) {
    let mut tx = app.state.database.write().await.unwrap();
    if matches!(fault, Fault::Full) {
        // SQLite raises a limit that is below the current size of the file to that size.
        query("PRAGMA max_page_count = 1")
            .execute(&mut tx)
            .await
            .unwrap();
    }
    let error = query(fault.statement()).execute(&mut tx).await.unwrap_err();
    assert_eq!(
        matches!(error, StorageError::Unavailable(_)),
        matches!(fault, Fault::Full),
        "{error}"
    );
    match end {
        End::Dropped => drop(tx),
        // Both fail if SQLite has already ended the transaction.
        End::RolledBack => drop(tx.rollback().await),
        End::Committed => drop(tx.commit().await),
    }
}

#[tokio::test]
async fn after_a_failed_write_the_next_one_works_without_a_restart() {
    let app = TestApp::start_on_file().await;
    for fault in FAULTS {
        for end in [End::Dropped, End::RolledBack, End::Committed] {
            for _ in 0..3 {
                fail_to_write(&app, fault, end).await;
                let browser = app.anonymous();
                let response = browser.sign_in(DANA, PASSWORD).await;
                assert_eq!(response.status, 303, "{fault:?} {end:?}: {}", response.body);
                let status = browser.post("/logout", &[]).await.status;
                assert_eq!(status, 303, "{fault:?} {end:?}");
            }
        }
    }
    assert_eq!(
        app.count("SELECT COUNT(*) FROM chat_boxes WHERE id = 'large'")
            .await,
        0
    );
}
