//! `GET /admin/visitors`: finds the account of a vendor's visitor, and an account's IDs at vendors.

use app::model::{
    AccountFound, AccountSummary, AdminVisitors, Page, Search, VisitorFound, VisitorId,
    VisitorOwner,
};
use axum::{extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    accounts::{Accounts, Email, User, user_by_email_key, user_by_id},
    database::{Database, StorageError},
    vendors::{
        DirectoryError, StoredLink, VendorVisitor, Vendors, VisitorDirectory, link_of,
        links_of_user,
    },
    web::{
        CurrentAdmin, Pages,
        http::{HttpError, ReadQuery},
    },
};

/// What to look up: a visitor's ID, or an account by address or ID. If both are given, `account` is ignored.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    visitor: String,
    #[serde(default)]
    account: String,
}

pub(super) async fn show(
    State(database): State<Database>,
    State(accounts): State<Accounts>,
    State(vendors): State<Vendors>,
    State(pages): State<Pages>,
    CurrentAdmin(_): CurrentAdmin,
    ReadQuery(asked): ReadQuery<Asked>,
) -> Result<Response, HttpError> {
    let desk = Lookup {
        database: &database,
        accounts: &accounts,
        vendors: &vendors,
    };
    let (visitor, account) = (asked.visitor.trim(), asked.account.trim());
    let search = match (visitor.is_empty(), account.is_empty()) {
        (false, _) => desk.visitor(visitor).await?,
        (true, false) => desk.account(account).await?,
        (true, true) => Search::Nothing,
    };
    let directories = vendors.visitor_directories();
    let labels = directories.iter().map(|directory| directory.label());
    let page = AdminVisitors {
        vendors: labels.map(str::to_owned).collect(),
        visitor: visitor.to_owned(),
        account: account.to_owned(),
        search,
    };
    Ok(pages.respond(StatusCode::OK, Page::AdminVisitors(page)))
}

/// What lookups need.
struct Lookup<'a> {
    database: &'a Database,
    accounts: &'a Accounts,
    vendors: &'a Vendors,
}

impl Lookup<'_> {
    /// The visitor with this ID, at the first vendor that knows it.
    async fn visitor(&self, id: &str) -> Result<Search, StorageError> {
        let mut search = Search::NoVisitor;
        for directory in self.vendors.visitor_directories() {
            match directory.visitor(id).await {
                Ok(None) => {}
                Ok(Some(visitor)) => {
                    let found = self.found(directory.as_ref(), visitor).await?;
                    return Ok(Search::Visitor(Box::new(found)));
                }
                Err(error) => {
                    tracing::error!(vendor = directory.name(), %error, "cannot look up a visitor");
                    search = match error {
                        DirectoryError::Unauthorized(_) => Search::VendorRejects,
                        DirectoryError::Unavailable(_) => Search::VendorUnavailable,
                    };
                }
            }
        }
        Ok(search)
    }

    async fn found(
        &self,
        directory: &dyn VisitorDirectory,
        visitor: VendorVisitor,
    ) -> Result<VisitorFound, StorageError> {
        let owner = match &visitor.external_id {
            None => VisitorOwner::Anonymous,
            Some(external_id) => self.whose(directory.name(), external_id).await?,
        };
        Ok(VisitorFound {
            vendor: directory.label().to_owned(),
            id: visitor.id,
            name: visitor.name,
            email: visitor.email,
            since: visitor.since,
            external_id: visitor.external_id,
            owner,
        })
    }

    /// The owner of an external ID, which a vendor was told.
    async fn whose(&self, vendor: &str, external_id: &str) -> Result<VisitorOwner, StorageError> {
        let reader = self.database.read();
        let link = link_of(reader, vendor, external_id).await?;
        let issuer = link.as_ref().and_then(|link| link.issuer.as_deref());
        let known = link.as_ref().and_then(|link| link.user_id.as_deref());
        let own = match issuer {
            None => Some(known.unwrap_or(external_id)),
            Some(_) => known,
        };
        if let Some(id) = own
            && let Some(user) = user_by_id(reader, id).await?
        {
            return Ok(VisitorOwner::Account(summary(&user)));
        }
        for login in self.vendors.upstream_logins().iter() {
            if issuer.is_some_and(|issuer| issuer != login.issuer()) {
                continue;
            }
            if let Some(owner) = self.accounts.owner_of(login.issuer(), external_id).await?
                && let Some(user) = user_by_id(reader, &owner.user_id).await?
            {
                return Ok(VisitorOwner::Account(summary(&user)));
            }
        }
        Ok(match issuer {
            Some(issuer) => VisitorOwner::Upstream(self.login(issuer)),
            None => VisitorOwner::Unknown,
        })
    }

    /// The account with this address or ID, and the IDs that vendors have for it.
    async fn account(&self, text: &str) -> Result<Search, StorageError> {
        let reader = self.database.read();
        let user = match Email::parse(text) {
            Ok(email) => {
                let mut connection = reader.acquire().await?;
                user_by_email_key(&mut connection, email.key()).await?
            }
            Err(_) => user_by_id(reader, text).await?,
        };
        let Some(user) = user else {
            return Ok(Search::NoAccount);
        };
        let links = links_of_user(reader, &user.id).await?;
        Ok(Search::Account(Box::new(AccountFound {
            account: summary(&user),
            ids: links
                .into_iter()
                .map(|link| self.visitor_id(link))
                .collect(),
        })))
    }

    fn visitor_id(&self, link: StoredLink) -> VisitorId {
        let directories = self.vendors.visitor_directories();
        let named = directories.iter().find(|known| known.name() == link.vendor);
        VisitorId {
            vendor: named.map_or(link.vendor, |known| known.label().to_owned()),
            external_id: link.external_id,
            login: link.issuer.map(|issuer| self.login(&issuer)),
            first: link.first_at.date().unwrap_or_default(),
            last: link.last_at.date().unwrap_or_default(),
        }
    }

    /// The display name of an upstream login; its issuer if it is no longer configured.
    fn login(&self, issuer: &str) -> String {
        let mut logins = self.vendors.upstream_logins().iter();
        let login = logins.find(|login| login.issuer() == issuer);
        login.map_or(issuer, |login| login.label()).to_owned()
    }
}

fn summary(user: &User) -> AccountSummary {
    AccountSummary {
        id: user.id.clone(),
        email: user.email.clone(),
        email_verified: user.email_verified,
        display_name: user.display_name.clone(),
    }
}
