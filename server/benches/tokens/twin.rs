//! The bare twin: the cost of the endpoints without everything around them.
//!
//! It reads the same database through the same pool with the same queries, and signs. It has no other routes,
//! no middleware, no rate limits and no logs, and checks nothing of a session but its expiry.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use server::{
    accounts::User,
    clock::{Clock, Timestamp},
    random,
};
use sqlx::{
    SqlitePool,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use tokio::net::TcpListener;

use crate::{ENDPOINTS, support::DATABASE};

/// The first argument that makes this program run as the twin.
pub const KIND: &str = "twin";

/// Creates the response for a user.
pub type Signer = Arc<dyn Fn(&User, Timestamp) -> String + Send + Sync>;

#[derive(Clone)]
struct Twin {
    database: SqlitePool,
    signer: Signer,
}

/// Serves until it is killed, on a multi-threaded runtime like the real program.
pub async fn serve(port: u16, files: &Path) {
    let files = files.to_owned();
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(listen(port, &files));
    });
    serving.join().unwrap();
}

async fn listen(port: u16, files: &Path) {
    let options = SqliteConnectOptions::new().filename(files.join(DATABASE));
    let database = SqlitePoolOptions::new()
        .max_connections(4)
        .connect_with(options.pragma("query_only", "1"))
        .await
        .unwrap();
    let mut router = Router::new();
    for endpoint in ENDPOINTS {
        let twin = Twin {
            database: database.clone(),
            signer: (endpoint.signer)(files),
        };
        router = router.route(endpoint.path, get(answer).with_state(twin));
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, router).await.unwrap();
}

async fn answer(State(twin): State<Twin>, headers: HeaderMap) -> Result<String, StatusCode> {
    let now = Clock::system().now();
    let cookie = headers.get("cookie").and_then(|value| value.to_str().ok());
    let id = cookie.and_then(|cookie| cookie.strip_prefix("__Host-latchkey="));
    let id_hash = random::fingerprint(id.ok_or(StatusCode::UNAUTHORIZED)?);
    let pool = &twin.database;
    let session: Option<(Option<String>, String, i64, i64)> = sqlx::query_as(
        "SELECT user_id, data, seen_at, expires_at FROM sessions WHERE id_hash = $1",
    )
    .bind(id_hash)
    .fetch_optional(pool)
    .await
    .unwrap();
    let (user_id, _, _, expires_at) = session.ok_or(StatusCode::UNAUTHORIZED)?;
    if expires_at <= now.0 {
        return Err(StatusCode::UNAUTHORIZED);
    }
    type Row = (String, String, bool, String, Option<String>, i64);
    let row: Option<Row> = sqlx::query_as(
        "SELECT id, email, email_verified_at IS NOT NULL AS email_verified, display_name, photo_url,
                created_at
         FROM users WHERE id = $1 AND disabled_at IS NULL",
    )
    .bind(user_id)
    .fetch_optional(pool)
    .await
    .unwrap();
    let (id, email, email_verified, display_name, photo_url, created_at) =
        row.ok_or(StatusCode::UNAUTHORIZED)?;
    let user = User {
        id,
        email,
        email_verified,
        display_name,
        photo_url,
        created_at: Timestamp(created_at),
    };
    Ok((twin.signer)(&user, now))
}
