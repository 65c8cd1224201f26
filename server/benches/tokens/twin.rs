//! The bare twin: the cost of the endpoints without everything around them.
//!
//! It sends the same statement to the same database in the same way, on the calling thread or through a pool, and signs.
//! It has no other routes, no middleware, no rate limits and no logs, and checks nothing of a session but its expiry.

use std::{cell::RefCell, path::Path, sync::Arc};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use rusqlite::{Connection, OpenFlags, OptionalExtension};
use server::{
    accounts::User,
    clock::{Clock, Timestamp},
    random,
    session::COOKIE,
};
use sqlx::{PgPool, postgres::PgPoolOptions, query_as};
use tokio::net::TcpListener;

use crate::ENDPOINTS;

/// The first argument that makes this program run as the twin.
pub const KIND: &str = "twin";

/// Creates the response for a user.
pub type Signer = Arc<dyn Fn(&User, Timestamp) -> String + Send + Sync>;

#[derive(Clone)]
struct Twin {
    database: Database,
    signer: Signer,
}

/// The real program's database.
#[derive(Clone)]
enum Database {
    /// The path of the file.
    Sqlite(Arc<Path>),
    /// With the real program's number of connections, which are not tested before use.
    Postgres(PgPool),
}

thread_local! {
    static CONNECTION: RefCell<Option<Connection>> = const { RefCell::new(None) };
}

/// When a session was last used and ends, and its user.
type Row = (i64, i64, String, String, bool, String, Option<String>, i64);

/// The statement of `accounts/store.rs`.
const USER_OF_SESSION: &str = "SELECT s.seen_at, s.expires_at, u.id, u.email, u.email_verified_at IS NOT NULL AS email_verified,
            u.display_name, u.photo_url, u.created_at
     FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.id_hash = $1 AND u.disabled_at IS NULL";

impl Database {
    async fn open(url: &str) -> sqlx::Result<Self> {
        if url.starts_with("postgres") {
            let pool = PgPoolOptions::new().max_connections(16);
            let pool = pool.test_before_acquire(false).connect(url).await?;
            return Ok(Self::Postgres(pool));
        }
        let path = url.strip_prefix("sqlite://").unwrap();
        Ok(Self::Sqlite(Path::new(path).into()))
    }

    async fn user_of_session(&self, id_hash: String) -> sqlx::Result<Option<Row>> {
        match self {
            Self::Sqlite(path) => Ok(CONNECTION.with_borrow_mut(|connection| {
                let connection = connection.get_or_insert_with(|| {
                    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
                });
                let mut statement = connection.prepare_cached(USER_OF_SESSION).unwrap();
                let found = statement.query_one([id_hash], |row| row.try_into());
                found.optional().unwrap()
            })),
            Self::Postgres(pool) => {
                let query = query_as(USER_OF_SESSION).bind(id_hash);
                query.fetch_optional(pool).await
            }
        }
    }
}

/// Checks that the real program sends the statement, too.
pub fn check_statement() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let store = words(include_str!("../../src/accounts/store.rs"));
    assert!(
        store.contains(&words(USER_OF_SESSION)),
        "accounts/store.rs has another statement by now; the twin must send the same"
    );
}

/// Serves until it is killed, on a multi-threaded runtime like the real program.
pub async fn serve(database: &str, port: u16, files: &Path) {
    let (database, files) = (database.to_owned(), files.to_owned());
    let serving = std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(listen(&database, port, &files));
    });
    serving.join().unwrap();
}

async fn listen(database: &str, port: u16, files: &Path) {
    let database = Database::open(database).await.unwrap();
    let mut router = Router::new();
    for endpoint in ENDPOINTS {
        let twin = Twin {
            database: database.clone(),
            signer: (endpoint.signer)(files),
        };
        router = router.route(endpoint.path, get(respond).with_state(twin));
    }
    let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, router).await.unwrap();
}

async fn respond(State(twin): State<Twin>, headers: HeaderMap) -> Result<String, StatusCode> {
    let now = Clock::system().now();
    let cookie = headers.get("cookie").and_then(|value| value.to_str().ok());
    let id = cookie.and_then(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='));
    let id_hash = random::fingerprint(id.ok_or(StatusCode::UNAUTHORIZED)?);
    let row = twin.database.user_of_session(id_hash).await.unwrap();
    let (_, expires_at, id, email, email_verified, display_name, photo_url, created_at) =
        row.ok_or(StatusCode::UNAUTHORIZED)?;
    if expires_at <= now.0 {
        return Err(StatusCode::UNAUTHORIZED);
    }
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
