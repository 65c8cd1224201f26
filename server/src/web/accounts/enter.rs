//! What happens after a successful sign-in, by any sign-in method.

use app::model::Flow;

use crate::{
    accounts::{Accounts, ExternalIdentity, LinkError, PasswordProof, ServiceError},
    clock::Timestamp,
    handoff,
    session::{SessionEntries, SignIn},
    web::http::HttpError,
};

/// Begins the session of a user who has signed in by `method`, and returns the URL to go to next.
///
/// If the session holds an identity that waits for this sign-in, it is linked to the user, provided that both
/// have the same verified address. Otherwise, the user is asked whether to link it.
///
/// # Errors
/// If the session store or the database is unavailable.
pub async fn enter(
    accounts: &Accounts,
    session: &SessionEntries,
    (user_id, method): (&str, &str),
    flow: &Flow,
    now: Timestamp,
) -> Result<String, HttpError> {
    let waiting = session.kept_identity::<ExternalIdentity>(now).await?;
    let sign_in = SignIn {
        user_id,
        method,
        chat_box_id: consented(flow, waiting.as_ref()),
        besides: None,
    };
    session.sign_in(sign_in, now).await?;
    go_on(accounts, session, user_id, waiting, flow, now).await
}

/// Does the same after a sign-in with a password, but goes on by a page that sees whether the browser keeps
/// cookies, unless it has brought one already. `None` if the password has been changed in the
/// meantime: that ended all sessions of the user, but this one did not exist yet.
///
/// # Errors
/// If the session store or the database is unavailable.
pub(super) async fn begin_session_by_password(
    accounts: &Accounts,
    session: &SessionEntries,
    proof: &PasswordProof,
    flow: &Flow,
    now: Timestamp,
) -> Result<Option<String>, HttpError> {
    let waiting = session.kept_identity::<ExternalIdentity>(now).await?;
    let sign_in = SignIn {
        user_id: &proof.user_id,
        method: "password",
        chat_box_id: consented(flow, waiting.as_ref()),
        besides: Some(accounts.settle(proof)),
    };
    session.sign_in(sign_in, now).await?;
    let holds = accounts.still_holds(proof).await;
    if !matches!(holds, Ok(true)) {
        session.sign_out().await?;
    }
    match holds {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(ServiceError::Storage(error)) => return Err(error.into()),
        Err(error) => return Err(HttpError::Unavailable(error.to_string())),
    }
    let keeps_cookies = waiting.is_some();
    let target = go_on(accounts, session, &proof.user_id, waiting, flow, now).await?;
    Ok(Some(match keeps_cookies {
        true => target,
        false => flow.url("/signed-in"),
    }))
}

/// The chat box to whose hand-off the sign-in is consent: none if the user may be asked something else first.
fn consented<'f>(flow: &'f Flow, waiting: Option<&ExternalIdentity>) -> Option<&'f str> {
    let popup = flow.popup.as_ref().filter(|_| waiting.is_none())?;
    Some(&popup.chat_box_id)
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
            Ok(true) => {}
            Ok(false) if accounts.has_owner(&identity).await? => {}
            Ok(false) => {
                session.offer_identity(&identity, now).await?;
                return Ok(flow.url("/connect"));
            }
            Err(LinkError::TakenByAnother) => {
                tracing::info!("the identity was linked to another account in the meantime");
            }
            Err(LinkError::Storage(error)) => return Err(error.into()),
        }
    }
    Ok(handoff::after_sign_in(flow, session, now).await?)
}
