//! Model of the administrators' visitors page.

/// `GET /admin/visitors`: looks up the account of a visitor, and the vendor IDs of an account. Both forms submit here, by
/// GET with `visitor` or `account`.
#[derive(Clone, Debug)]
pub struct AdminVisitors {
    /// The vendors whose visitors can be looked up, by display name.
    pub vendors: Vec<String>,
    /// The search terms.
    pub visitor: String,
    pub account: String,
    pub search: Search,
}

/// The result of a search.
#[derive(Clone, Debug)]
pub enum Search {
    /// No search yet.
    Nothing,
    Visitor(Box<VisitorFound>),
    NoVisitor,
    Account(Box<AccountFound>),
    NoAccount,
    /// The vendor rejected our API token.
    VendorRejects,
    VendorUnavailable,
}

/// A visitor as the vendor describes them, and the account they belong to.
#[derive(Clone, Debug)]
pub struct VisitorFound {
    pub vendor: String,
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// An ISO date.
    pub since: Option<String>,
    /// The ID that we sent to the vendor.
    pub external_id: Option<String>,
    pub owner: VisitorOwner,
}

/// The account or external user a visitor belongs to.
#[derive(Clone, Debug)]
pub enum VisitorOwner {
    Account(AccountSummary),
    /// A user of the upstream login with this name, without an account here.
    Upstream(String),
    /// The vendor has no external ID for the visitor.
    Anonymous,
    /// No account has the external ID.
    Unknown,
}

/// An account as shown to administrators.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    pub id: String,
    pub email: String,
    pub email_verified: bool,
    pub display_name: String,
}

/// An account and its vendor IDs.
#[derive(Clone, Debug)]
pub struct AccountFound {
    pub account: AccountSummary,
    pub ids: Vec<VisitorId>,
}

/// An ID that was sent to a vendor.
#[derive(Clone, Debug)]
pub struct VisitorId {
    pub vendor: String,
    pub external_id: String,
    /// The upstream login the ID comes from; `None` for the account's own ID.
    pub login: Option<String>,
    /// ISO dates.
    pub first: String,
    pub last: String,
}
