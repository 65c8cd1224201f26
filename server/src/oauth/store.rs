//! All SQL about the flows of sign-ins through providers.

use super::flow::{FlowPurpose, MAX_PER_BROWSER, OVER_TTL};
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Json, StorageError, Sweep, query},
    handoff::FlowParams,
};

type Result<T> = std::result::Result<T, StorageError>;

struct Row {
    flow: Json<FlowParams>,
    link_user_id: Option<String>,
}

impl FromRow for Row {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            flow: row.get("flow")?,
            link_user_id: row.get("link_user_id")?,
        })
    }
}

impl From<Row> for FlowPurpose {
    fn from(row: Row) -> Self {
        Self {
            flow: row.flow.0,
            link_user_id: row.link_user_id,
        }
    }
}

/// Identifies a flow: every part must match.
#[derive(Clone, Copy)]
pub(super) struct FlowKey<'a> {
    pub state_hash: &'a str,
    pub browser_hash: &'a str,
    pub provider: &'a str,
}

/// Stores a flow, and deletes the browser's oldest ones beyond [`MAX_PER_BROWSER`].
pub(super) async fn insert(
    tx: &mut Connection,
    key: FlowKey<'_>,
    begun: &FlowPurpose,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    query(
        "DELETE FROM oauth_flows WHERE state_hash IN
             (SELECT state_hash FROM oauth_flows WHERE browser_hash = $1 ORDER BY created_at DESC LIMIT 100 OFFSET $2)",
    )
    .bind(key.browser_hash)
    .bind(MAX_PER_BROWSER - 1)
    .execute(&mut *tx)
    .await?;
    query(
        "INSERT INTO oauth_flows
             (state_hash, browser_hash, provider, flow, link_user_id, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(key.state_hash)
    .bind(key.browser_hash)
    .bind(key.provider)
    .bind(Json(&begun.flow))
    .bind(&begun.link_user_id)
    .bind(now)
    .bind(expires_at)
    .execute(tx)
    .await?;
    Ok(())
}

/// Marks a flow as taken and returns its purpose. Of concurrent callers, only one gets it.
pub(super) async fn take(
    tx: &mut Connection,
    key: FlowKey<'_>,
    now: Timestamp,
) -> Result<Option<FlowPurpose>> {
    let row: Option<Row> = query(
        "UPDATE oauth_flows SET taken_at = $4
         WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > $4 AND taken_at IS NULL
         RETURNING flow, link_user_id",
    )
    .bind(key.state_hash)
    .bind(key.browser_hash)
    .bind(key.provider)
    .bind(now)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(FlowPurpose::from))
}

/// The purpose of a flow, taken or not, that has expired after `since` or has not yet.
pub(super) async fn over(
    tx: &mut Connection,
    key: FlowKey<'_>,
    since: Timestamp,
) -> Result<Option<FlowPurpose>> {
    let row: Option<Row> = query(
        "SELECT flow, link_user_id FROM oauth_flows
         WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > $4",
    )
    .bind(key.state_hash)
    .bind(key.browser_hash)
    .bind(key.provider)
    .bind(since)
    .fetch_optional(tx)
    .await?;
    Ok(row.map(FlowPurpose::from))
}

/// Deletes flows that are over for an hour.
pub const SWEEP: Sweep = Sweep::later(
    "DELETE FROM oauth_flows WHERE state_hash IN
         (SELECT state_hash FROM oauth_flows WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
          FOR UPDATE SKIP LOCKED)",
    OVER_TTL,
);
