//! `GET /account` and its forms.

use app::model::{Account, LinkedAccount, Page};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::answer::{NoticeParam, form_problem, with_retry_after};
use crate::{
    accounts::{Accounts, ChangePasswordError, LinkedIdentity, Profile, User},
    web::{
        CurrentUser, Pages,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

pub(super) async fn show(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    current: CurrentUser,
    ReadQuery(said): ReadQuery<NoticeParam>,
) -> Result<Response, HttpError> {
    let page = Account {
        notice: said.notice(),
        linked_accounts_problem: said.problem(),
        ..account(&accounts, &current.user).await?
    };
    Ok(pages.respond(StatusCode::OK, Page::Account(page)))
}

#[derive(Deserialize)]
pub(super) struct ProfileForm {
    #[serde(default)]
    display_name: String,
    #[serde(default)]
    photo_url: String,
}

pub(super) async fn submit_profile(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    current: CurrentUser,
    ReadForm(form): ReadForm<ProfileForm>,
) -> Result<Response, HttpError> {
    match Profile::parse(&form.display_name, &form.photo_url) {
        Ok(profile) => {
            accounts.save_profile(&current.user, &profile).await?;
            Ok(Redirect::to("/account?notice=profile-saved").into_response())
        }
        Err(problems) => {
            let page = Account {
                display_name: form.display_name,
                display_name_problem: problems.display_name,
                photo_url: form.photo_url,
                photo_url_problem: problems.photo_url,
                ..account(&accounts, &current.user).await?
            };
            Ok(pages.respond(StatusCode::UNPROCESSABLE_ENTITY, Page::Account(page)))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct PasswordForm {
    #[serde(default)]
    current_password: SecretString,
    #[serde(default)]
    new_password: SecretString,
}

pub(super) async fn submit_password(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    ClientAddress(client): ClientAddress,
    current: CurrentUser,
    ReadForm(form): ReadForm<PasswordForm>,
) -> Result<Response, HttpError> {
    let keep = current.session.id_hash().unwrap_or_default();
    let changed = accounts
        .change_password(
            &current.user,
            &form.current_password,
            &form.new_password,
            &keep,
            client,
        )
        .await;
    let mut page = account(&accounts, &current.user).await?;
    let status = match changed {
        Ok(()) => {
            current.session.rotate().await?;
            return Ok(Redirect::to("/account?notice=password-changed").into_response());
        }
        Err(ChangePasswordError::Current(problem)) => {
            page.current_password_problem = Some(problem);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(ChangePasswordError::New(problem)) => {
            page.new_password_problem = Some(problem);
            StatusCode::UNPROCESSABLE_ENTITY
        }
        Err(ChangePasswordError::Service(error)) => {
            let (status, problem) = form_problem(error)?;
            page.problem = Some(problem);
            status
        }
    };
    let problem = page.problem;
    Ok(with_retry_after(
        pages.respond(status, Page::Account(page)),
        problem,
    ))
}

async fn account(accounts: &Accounts, user: &User) -> Result<Account, HttpError> {
    let (linked, has_password) = accounts.sign_in_methods(user).await?;
    let linked_account = |identity: LinkedIdentity| LinkedAccount {
        id: identity.id,
        provider: identity.provider,
        label: identity.label,
    };
    Ok(Account {
        viewer: user.viewer(),
        display_name: user.display_name.clone(),
        display_name_problem: None,
        photo_url: user.photo_url.clone().unwrap_or_default(),
        photo_url_problem: None,
        current_password_problem: None,
        new_password_problem: None,
        problem: None,
        linked_accounts: linked.into_iter().map(linked_account).collect(),
        has_password,
        is_admin: accounts.is_admin(user),
        linked_accounts_problem: None,
        notice: None,
    })
}
