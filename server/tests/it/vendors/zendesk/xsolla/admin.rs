//! `/admin/visitors`, for a user of Xsolla Login.

use sandbox::xsolla::PERSONAS;

use super::super::{
    admin::{PAGE, app, chat, look_up},
    ask_with,
};
use crate::harness::RIVA;

#[tokio::test]
async fn a_user_of_xsolla_leads_to_an_account_once_there_is_one() {
    let app = app().await;
    let dana = app.signed_in().await;
    let token = app.sandbox.xsolla().user_token(&PERSONAS[1]).unwrap();
    let id = chat(&app, &ask_with(&app.anonymous(), &token).await).await;
    let page = look_up(&dana, &id).await;
    assert!(page.contains("Xsolla Login user with no account here."));

    app.execute(
        "INSERT INTO identities (id, user_id, provider, issuer, subject, created_at)
         SELECT 'one', users.id, 'xsolla', vendor_links.issuer, vendor_links.external_id, 0
         FROM users, vendor_links WHERE users.email = 'rival@latchkey.localhost'",
    )
    .await;
    assert!(look_up(&dana, &id).await.contains("Riva L. Rival"));
    let page = dana.get(&format!("{PAGE}?account={RIVA}")).await.body;
    assert!(page.contains(PERSONAS[1].sub) && page.contains("Xsolla Login"));
    // Without the stored link, the linked identity is enough to find the account.
    app.execute("DELETE FROM vendor_links").await;
    assert!(look_up(&dana, &id).await.contains("Riva L. Rival"));
}
