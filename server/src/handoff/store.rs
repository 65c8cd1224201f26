//! All SQL about chat boxes.

use super::ChatBox;
use crate::database::{Connection, Reader, StorageError, query};

type Row = (String, String, String);

pub(super) async fn find(reader: &Reader, id: &str) -> Result<Option<ChatBox>, StorageError> {
    let row: Option<Row> = query("SELECT id, name, return_url FROM chat_boxes WHERE id = $1")
        .bind(id)
        .fetch_optional(reader)
        .await?;
    match row {
        Some(row) => chat_box(reader, row).await,
        None => Ok(None),
    }
}

pub(super) async fn all(reader: &Reader) -> Result<Vec<ChatBox>, StorageError> {
    let rows: Vec<Row> = query("SELECT id, name, return_url FROM chat_boxes ORDER BY id")
        .fetch_all(reader)
        .await?;
    let mut chat_boxes = Vec::new();
    for row in rows {
        chat_boxes.extend(chat_box(reader, row).await?);
    }
    Ok(chat_boxes)
}

pub(super) async fn save(tx: &mut Connection, chat_box: &ChatBox) -> Result<(), StorageError> {
    query(
        "INSERT INTO chat_boxes (id, name, return_url) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET name = $2, return_url = $3",
    )
    .bind(&chat_box.id)
    .bind(&chat_box.name)
    .bind(chat_box.return_url.as_str())
    .execute(&mut *tx)
    .await?;
    query("DELETE FROM chat_box_origins WHERE chat_box_id = $1")
        .bind(&chat_box.id)
        .execute(&mut *tx)
        .await?;
    for origin in &chat_box.origins {
        query("INSERT INTO chat_box_origins (chat_box_id, origin) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(&chat_box.id)
            .bind(origin.as_str())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

pub(super) async fn remove(tx: &mut Connection, id: &str) -> Result<bool, StorageError> {
    let done = query("DELETE FROM chat_boxes WHERE id = $1")
        .bind(id)
        .execute(tx)
        .await?;
    Ok(done == 1)
}

/// Checks a row again, and logs and omits it if it is not valid, for example after an edit by hand.
async fn chat_box(
    reader: &Reader,
    (id, name, return_url): Row,
) -> Result<Option<ChatBox>, StorageError> {
    let origins: Vec<String> =
        query("SELECT origin FROM chat_box_origins WHERE chat_box_id = $1 ORDER BY origin")
            .bind(&id)
            .fetch_all(reader)
            .await?;
    let chat_box = ChatBox::new(&id, &name, &origins, &return_url)
        .inspect_err(|error| tracing::error!(id, %error, "a stored chat box cannot be used"));
    Ok(chat_box.ok())
}
