//! `GET /account` and its forms.

use app::model::{Account, LinkedAccount, Page};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use secrecy::SecretString;
use serde::Deserialize;

use super::notice::NoticeParam;
use crate::{
    accounts::{Accounts, ChangePasswordError, LinkedIdentity, Profile, User},
    web::{
        CurrentUser, Flash, FormSender, Outcome, Pages,
        http::{ClientAddress, HttpError, ReadForm, ReadQuery},
    },
};

/// Names the form that was sent, among those of the page.
const FORM: &str = "form";
const PASSWORD: &str = "password";

pub(super) async fn show(
    State(accounts): State<Accounts>,
    State(pages): State<Pages>,
    current: CurrentUser,
    flash: Flash,
    ReadQuery(said): ReadQuery<NoticeParam>,
) -> Result<Response, HttpError> {
    let page = Account {
        notice: said.notice(),
        ..account(&accounts, &current.user, &flash).await?
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
    sender: FormSender,
    ReadForm(form): ReadForm<ProfileForm>,
) -> Result<Response, HttpError> {
    match Profile::parse(&form.display_name, &form.photo_url) {
        Ok(profile) => {
            accounts.save_profile(&current.user, &profile).await?;
            Ok(Redirect::to("/account?notice=profile-saved").into_response())
        }
        Err(problems) => {
            let outcome = Outcome::rejected_fields([
                ("display_name", problems.display_name),
                ("photo_url", problems.photo_url),
            ]);
            let outcome = outcome
                .with_value("display_name", &form.display_name)
                .with_value("photo_url", &form.photo_url);
            respond(outcome, sender, &accounts, &current.user, &pages).await
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
    sender: FormSender,
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
    let outcome = match changed {
        Ok(()) => {
            current.session.rotate().await?;
            return Ok(Redirect::to("/account?notice=password-changed").into_response());
        }
        Err(ChangePasswordError::Current(problem)) => {
            Outcome::rejected_fields([("current_password", Some(problem))])
        }
        Err(ChangePasswordError::New(problem)) => {
            Outcome::rejected_fields([("new_password", Some(problem))])
        }
        Err(ChangePasswordError::Service(error)) => Outcome::of_service(error)?,
    };
    let outcome = outcome.with_value(FORM, PASSWORD);
    respond(outcome, sender, &accounts, &current.user, &pages).await
}

async fn respond(
    outcome: Outcome,
    sender: FormSender,
    accounts: &Accounts,
    user: &User,
    pages: &Pages,
) -> Result<Response, HttpError> {
    let page = account(accounts, user, outcome.flash()).await?;
    Ok(sender.respond(outcome, "/account", pages, |_| Page::Account(page)))
}

async fn account(accounts: &Accounts, user: &User, flash: &Flash) -> Result<Account, HttpError> {
    let (linked, has_password) = accounts.sign_in_methods(user).await?;
    let linked_account = |identity: LinkedIdentity| LinkedAccount {
        id: identity.id,
        provider: identity.provider,
        label: identity.label,
    };
    // Problems without a form come from the redirects of linked accounts.
    let (problem, linked_accounts_problem) = match flash.value(FORM) {
        Some(_) => (flash.problem(), None),
        None => (None, flash.problem()),
    };
    let or_saved = |name: &str, saved: &str| flash.value(name).unwrap_or_else(|| saved.to_owned());
    Ok(Account {
        viewer: user.viewer(),
        display_name: or_saved("display_name", &user.display_name),
        display_name_problem: flash.problem_of("display_name"),
        photo_url: or_saved("photo_url", user.photo_url.as_deref().unwrap_or_default()),
        photo_url_problem: flash.problem_of("photo_url"),
        current_password_problem: flash.problem_of("current_password"),
        new_password_problem: flash.problem_of("new_password"),
        problem,
        linked_accounts: linked.into_iter().map(linked_account).collect(),
        has_password,
        is_admin: accounts.is_admin(user),
        linked_accounts_problem,
        notice: None,
    })
}
