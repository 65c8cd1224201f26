//! What the administrators' page about visitors shows.

/// `GET /admin/visitors`: finds the account of somebody who chats, and as whom an account chats. Both forms lead back here,
/// by GET with `visitor` or `account`.
#[derive(Clone, Debug)]
pub struct AdminVisitors {
    /// The vendors whose visitors can be looked up, by their names for people.
    pub vendors: Vec<String>,
    /// What was typed.
    pub visitor: String,
    pub account: String,
    pub search: Search,
}

/// What a search has found.
#[derive(Clone, Debug)]
pub enum Search {
    /// Nobody was looked for.
    Nothing,
    Visitor(Box<VisitorFound>),
    NoVisitor,
    Account(Box<AccountFound>),
    NoAccount,
    /// The vendor does not accept our token.
    VendorRefuses,
    VendorUnavailable,
}

/// A visitor as the vendor shows them, and whose account it is.
#[derive(Clone, Debug)]
pub struct VisitorFound {
    pub vendor: String,
    pub id: String,
    pub name: Option<String>,
    pub email: Option<String>,
    /// An ISO date.
    pub since: Option<String>,
    /// The id that the vendor was told by us.
    pub external_id: Option<String>,
    pub whose: Whose,
}

/// Who a visitor is here.
#[derive(Clone, Debug)]
pub enum Whose {
    Account(AccountSummary),
    /// A user of the login with this name, without an account here.
    Elsewhere(String),
    /// The vendor was told no id.
    Anonymous,
    /// Nobody here has the id that the vendor was told.
    Unknown,
}

/// An account as administrators see it.
#[derive(Clone, Debug)]
pub struct AccountSummary {
    pub id: String,
    pub email: String,
    pub email_verified: bool,
    pub display_name: String,
}

/// An account, and the ids that vendors know it by.
#[derive(Clone, Debug)]
pub struct AccountFound {
    pub account: AccountSummary,
    pub ids: Vec<VisitorId>,
}

/// An id that a vendor was told.
#[derive(Clone, Debug)]
pub struct VisitorId {
    pub vendor: String,
    pub external_id: String,
    /// The login elsewhere that the id comes from; none for the account's own.
    pub login: Option<String>,
    /// ISO dates.
    pub first: String,
    pub last: String,
}
