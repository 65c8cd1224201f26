//! The moment after a successful sign-in, by whatever way.

use app::model::Flow;

use crate::{
    accounts::{Accounts, ExternalIdentity, LinkError, PasswordProof},
    clock::Timestamp,
    handoff,
    session::SessionEntries,
    web::http::HttpError,
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
    let waiting = session.kept_identity::<ExternalIdentity>(now).await?;
    session.sign_in(user_id, now).await?;
    go_on(accounts, session, user_id, waiting, flow, now).await
}

/// Does the same after a password sign-in. `None` if the password has changed in the meantime: a new password ends all
/// existing sessions, and this one did not exist yet.
///
/// # Errors
/// If session or database do not answer.
pub(super) async fn enter_by_password(
    accounts: &Accounts,
    session: &SessionEntries,
    proof: &PasswordProof,
    flow: &Flow,
    now: Timestamp,
) -> Result<Option<String>, HttpError> {
    let waiting = session.kept_identity::<ExternalIdentity>(now).await?;
    session.sign_in(&proof.user_id, now).await?;
    if !accounts.still_holds(proof).await? {
        session.sign_out().await?;
        return Ok(None);
    }
    let target = go_on(accounts, session, &proof.user_id, waiting, flow, now).await?;
    Ok(Some(target))
}

async fn go_on(
    accounts: &Accounts,
    session: &SessionEntries,
    user_id: &str,
    waiting: Option<ExternalIdentity>,
    flow: &Flow,
    now: Timestamp,
) -> Result<String, HttpError> {
    if let Some(identity) = waiting {
        match accounts.link_same_address(user_id, &identity).await {
            Ok(_) => {}
            Err(LinkError::TakenByAnother) => {
                tracing::info!("the identity was linked to another account in the meantime");
            }
            Err(LinkError::Storage(error)) => return Err(error.into()),
        }
    }
    Ok(handoff::after_sign_in(flow, session, now).await?)
}
