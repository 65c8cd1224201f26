//! The visitors page shows what was found and escapes what was typed.

use crate::{
    model::{
        AccountFound, AccountSummary, AdminVisitors, Page, Search, VisitorFound, VisitorId,
        VisitorOwner,
    },
    pages::tests::render,
};

fn admin_visitors(search: Search) -> String {
    render(Page::AdminVisitors(AdminVisitors {
        vendors: vec!["Harbour Chat".to_owned()],
        visitor: "98.x<i>".to_owned(),
        account: String::new(),
        search,
    }))
}

#[test]
fn the_page_of_visitors_shows_what_was_found_and_what_was_typed() {
    let account = AccountSummary {
        id: "0a1b".to_owned(),
        email: "ada@example.com".to_owned(),
        email_verified: false,
        display_name: "Ada <b>".to_owned(),
    };
    let visitor = VisitorFound {
        vendor: "Harbour Chat".to_owned(),
        id: "98.x".to_owned(),
        name: Some("<img>".to_owned()),
        email: None,
        since: Some("2026-01-31".to_owned()),
        external_id: Some("0a1b".to_owned()),
        owner: VisitorOwner::Account(account.clone()),
    };
    let html = admin_visitors(Search::Visitor(Box::new(visitor)));
    assert!(html.contains(r#"name="visitor""#) && html.contains("98.x&lt;i&gt;"));
    assert!(html.contains("&lt;img&gt;") && html.contains("Ada &lt;b&gt;"));
    assert!(html.contains(r#"href="/admin/visitors?account=0a1b""#));
    assert!(html.contains("ada@example.com (not verified)"));
    let id = VisitorId {
        vendor: "Harbour Chat".to_owned(),
        external_id: "user-7".to_owned(),
        login: Some("Harbour Login".to_owned()),
        first: "2026-01-30".to_owned(),
        last: "2026-01-31".to_owned(),
    };
    let found = AccountFound {
        account,
        ids: vec![id],
    };
    let html = admin_visitors(Search::Account(Box::new(found)));
    assert!(html.contains("user-7") && html.contains("Harbour Login"));
    let html = admin_visitors(Search::VendorUnavailable);
    assert!(html.contains(r#"role="alert""#));
}
