//! All SQL about which user has which ID at a vendor.

use super::links::Link;
use crate::{
    clock::Timestamp,
    database::{Connection, DbRow, FromRow, Reader, StorageError, query},
};

type Result<T> = std::result::Result<T, StorageError>;

/// A stored [`Link`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredLink {
    /// The vendor's name in the registry.
    pub vendor: String,
    pub external_id: String,
    /// The upstream login that issued the ID; `None` if it is the ID of an account here.
    pub issuer: Option<String>,
    pub user_id: Option<String>,
    /// When a credential was first created with this ID.
    pub first_at: Timestamp,
    /// When one was last created, with a precision of one day.
    pub last_at: Timestamp,
}

impl FromRow for StoredLink {
    fn from_row(row: &DbRow) -> Result<Self> {
        Ok(Self {
            vendor: row.get("vendor")?,
            external_id: row.get("external_id")?,
            issuer: row.get("issuer")?,
            user_id: row.get("user_id")?,
            first_at: row.get("first_at")?,
            last_at: row.get("last_at")?,
        })
    }
}

/// Inserts or updates a link. A known `user_id` is kept if `link` has none.
pub(super) async fn save(
    tx: &mut Connection,
    vendor: &str,
    link: &Link<'_>,
    now: Timestamp,
) -> Result<()> {
    query(
        "INSERT INTO vendor_links (vendor, external_id, issuer, user_id, first_at, last_at)
         VALUES ($1, $2, $3, $4, $5, $5)
         ON CONFLICT (vendor, external_id) DO UPDATE
         SET issuer = $3, user_id = COALESCE($4, vendor_links.user_id), last_at = $5",
    )
    .bind(vendor)
    .bind(link.external_id)
    .bind(link.issuer)
    .bind(link.user_id)
    .bind(now)
    .execute(tx)
    .await?;
    Ok(())
}

/// The link of an ID at a vendor, if there is one.
///
/// # Errors
/// If the database is unavailable.
pub async fn link_of(
    reader: &Reader,
    vendor: &str,
    external_id: &str,
) -> Result<Option<StoredLink>> {
    query(
        "SELECT vendor, external_id, issuer, user_id, first_at, last_at FROM vendor_links
         WHERE vendor = $1 AND external_id = $2",
    )
    .bind(vendor)
    .bind(external_id)
    .fetch_optional(reader)
    .await
}

/// A user's 100 latest IDs at all vendors, latest first: of the account and of its linked identities.
///
/// # Errors
/// If the database is unavailable.
pub async fn links_of_user(reader: &Reader, user_id: &str) -> Result<Vec<StoredLink>> {
    query(
        "SELECT vendor, external_id, issuer, user_id, first_at, last_at FROM vendor_links
         WHERE user_id = $1
         UNION
         SELECT vendor, external_id, vendor_links.issuer, vendor_links.user_id, first_at, last_at FROM identities
         JOIN vendor_links ON vendor_links.issuer = identities.issuer AND external_id = subject
         WHERE identities.user_id = $1
         ORDER BY last_at DESC, vendor, external_id LIMIT 100",
    )
    .bind(user_id)
    .fetch_all(reader)
    .await
}
