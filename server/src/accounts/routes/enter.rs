//! The moment after a successful sign-in, by whatever way.

use app::model::Flow;

use crate::{
    accounts::{Accounts, LinkError},
    clock::Timestamp,
    handoff,
    http::HttpError,
    session::SessionEntries,
};

/// Begins the user's session and tells where to go on.
///
/// An identity that has waited for this sign-in is linked if both sides prove the same address.
///
/// # Errors
/// If session or database do not answer.
pub async fn enter(
    accounts: &Accounts,
    session: &SessionEntries,
    user_id: &str,
    flow: &Flow,
    now: Timestamp,
) -> Result<String, HttpError> {
    let waiting = session.kept_identity(now).await?;
    session.sign_in(user_id, now).await?;
    if let Some(identity) = waiting {
        match accounts.link_same_address(user_id, &identity).await {
            Ok(_) => {}
            Err(LinkError::TakenByAnother) => {
                tracing::info!("an identity was linked elsewhere meanwhile");
            }
            Err(LinkError::Storage(error)) => return Err(error.into()),
        }
    }
    handoff::after_sign_in(flow, session, now).await
}
