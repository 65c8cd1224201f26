//! `GET /account`.

use leptos::prelude::*;

use super::{Islands, PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    accounts::{self, FieldErrors},
    i18n::{Locale, td_string},
    islands::{ProfileForm, ProfileTexts},
    model::{self, Account, LinkedAccount, ProviderButton},
    text,
    ui::{Header, HiddenUsername, NewPasswordField, Notice, PasswordField, Problems},
};

pub(super) fn render(context: PageContext<'_>, page: Account) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, account.title);
    let has_problem = page.problem.is_some()
        || page.display_name_problem.is_some()
        || page.photo_url_problem.is_some()
        || page.current_password_problem.is_some()
        || page.new_password_problem.is_some()
        || page.linked_accounts_problem.is_some();
    let home = context.home();
    let profile = profile(locale, &page);
    let password_form = match page.has_password {
        true => password_form(context, &page).into_any(),
        false => set_password(locale).into_any(),
    };
    let linked_accounts = linked_accounts(context, &page);

    let body = view! {
        <Header locale href=home.clone()>
            {page.is_admin.then(|| view! { <a href="/admin/visitors">{td_string!(locale, account.to_visitors)}</a> })}
            <a href=home>{td_string!(locale, account.to_site)}</a>
        </Header>
        <main class="account">
            <h1>{title}</h1>
            <Part
                id="profile"
                title=td_string!(locale, account.profile)
                explain=td_string!(locale, account.profile_explain)
            >
                {profile}
            </Part>
            <Part
                id="change-password"
                title=td_string!(locale, account.password)
                explain=td_string!(locale, account.password_explain)
            >
                {password_form}
            </Part>
            {linked_accounts}
            <Part id="leave" title=td_string!(locale, account.leave) explain=td_string!(locale, account.leave_explain)>
                <form method="post" action="/logout">
                    <button type="submit" class="button">
                        {td_string!(locale, page.sign_out)}
                    </button>
                </form>
            </Part>
        </main>
    };
    RenderedPage::new(title, Shell::Wide, body)
        .with_islands(Islands::Account)
        .with_problem(has_problem)
}

/// A section of the account page: explanation on one side, form on the other.
#[component]
fn Part(
    id: &'static str,
    title: &'static str,
    explain: &'static str,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="part" aria-labelledby=id>
            <div class="part-words">
                <h2 id=id>{title}</h2>
                <p class="quiet">{explain}</p>
            </div>
            <div class="part-form">{children()}</div>
        </section>
    }
}

/// Shown to users without a password.
fn set_password(locale: Locale) -> impl IntoView {
    view! {
        <p>{td_string!(locale, account.set_password_explain)}</p>
        <a class="button" href="/forgot-password">
            {td_string!(locale, account.set_password)}
        </a>
    }
}

/// The user's linked accounts, and buttons to link more. None if no provider is configured and no account is linked.
fn linked_accounts(context: PageContext<'_>, page: &Account) -> Option<impl IntoView + use<>> {
    let locale = context.locale;
    let providers = context.deployment.providers.clone();
    if providers.is_empty() && page.linked_accounts.is_empty() {
        return None;
    }
    let notice = page.notice.filter(|notice| {
        matches!(
            notice,
            model::Notice::AccountLinked | model::Notice::AccountUnlinked
        )
    });
    let problem = page
        .linked_accounts_problem
        .map(|problem| text::form_problem(locale, problem));
    let linked = page.linked_accounts.clone();
    let to_add: Vec<ProviderButton> = providers
        .iter()
        .filter(|provider| {
            linked
                .iter()
                .all(|account| account.provider != provider.name)
        })
        .cloned()
        .collect();
    let label_of = move |name: &str| {
        let provider = providers.iter().find(|provider| provider.name == name);
        provider.map_or_else(|| name.to_owned(), |provider| provider.label.clone())
    };
    let none = linked.is_empty();
    let check_fields = context.check_fields();

    Some(view! {
        <Part id="linked-accounts" title=td_string!(locale, account.linked_accounts) explain=td_string!(locale, account.linked_accounts_explain)>
            <Problems message=problem fields=Vec::new() check_fields />
            <Notice text=notice.map(|notice| text::notice(locale, notice)) />
            {none.then(|| view! { <p class="quiet">{td_string!(locale, account.no_linked_accounts)}</p> })}
            <ul class="linked-accounts">
                {linked
                    .into_iter()
                    .map(|account| view! { <Linked locale provider=label_of(&account.provider) account /> })
                    .collect_view()}
            </ul>
            {to_add.into_iter().map(|provider| view! { <Link locale provider /> }).collect_view()}
        </Part>
    })
}

#[component]
fn Linked(locale: Locale, provider: String, account: LinkedAccount) -> impl IntoView {
    let label = td_string!(locale, account.unlink_label, provider = provider.clone());
    view! {
        <li>
            <div>
                <p class="linked-account-name">{provider}</p>
                <p class="quiet">{account.label}</p>
            </div>
            <form method="post" action=format!("/account/linked-accounts/{}/remove", account.id)>
                <button type="submit" class="button" aria-label=label>
                    {td_string!(locale, account.unlink)}
                </button>
            </form>
        </li>
    }
}

#[component]
fn Link(locale: Locale, provider: ProviderButton) -> impl IntoView {
    view! {
        <form method="post" action=format!("/oauth/{}/link", provider.name)>
            <button type="submit" class="button">
                {td_string!(locale, account.link, provider = provider.label)}
            </button>
        </form>
    }
}

fn profile(locale: Locale, page: &Account) -> impl IntoView + use<> {
    let problem_text =
        |problem: Option<_>| problem.map(|problem| text::field_problem(locale, problem));
    let viewer = page.viewer.clone();
    let notice = page
        .notice
        .filter(|notice| *notice == model::Notice::ProfileSaved);

    view! {
        <ProfileForm
            email=viewer.email
            saved=accounts::ProfileForm {
                display_name: viewer.display_name,
                photo_url: viewer.photo_url.unwrap_or_default(),
            }
            draft=accounts::ProfileForm {
                display_name: page.display_name.clone(),
                photo_url: page.photo_url.clone(),
            }
            errors=FieldErrors {
                display_name: problem_text(page.display_name_problem),
                photo_url: problem_text(page.photo_url_problem),
            }
            notice=notice.map(|notice| text::notice(locale, notice))
            texts=profile_texts(locale)
        />
    }
}

fn profile_texts(locale: Locale) -> ProfileTexts {
    ProfileTexts {
        display_name: td_string!(locale, field.display_name).to_owned(),
        display_name_hint: td_string!(locale, field.display_name_hint).to_owned(),
        photo_url: td_string!(locale, field.photo_url).to_owned(),
        photo_url_hint: td_string!(locale, field.photo_url_hint).to_owned(),
        check_fields: td_string!(locale, page.check_fields).to_owned(),
        save: td_string!(locale, account.save_profile).to_owned(),
        saving: td_string!(locale, account.saving).to_owned(),
    }
}

fn password_form(context: PageContext<'_>, page: &Account) -> impl IntoView + use<> {
    let locale = context.locale;
    let current = td_string!(locale, field.current_password);
    let new = td_string!(locale, field.new_password);
    let username = page.viewer.email.clone();
    let fields = bad_fields(&[
        (page.current_password_problem, "current_password", current),
        (page.new_password_problem, "new_password", new),
    ]);
    let notice = page
        .notice
        .filter(|notice| *notice == model::Notice::PasswordChanged);
    let focus_new = page.current_password_problem.is_none() && page.new_password_problem.is_some();

    view! {
        <form method="post" action="/account/password" novalidate>
            <Problems
                message=page.problem.map(|problem| text::form_problem(locale, problem))
                fields
                check_fields=context.check_fields()
            />
            <Notice text=notice.map(|notice| text::notice(locale, notice)) />
            <HiddenUsername email=username />
            <PasswordField
                locale
                name="current_password"
                label=current
                problem=page.current_password_problem
                autofocus=page.current_password_problem.is_some()
            />
            <NewPasswordField
                locale
                name="new_password"
                label=new
                min=context.deployment.password_length.0
                problem=page.new_password_problem
                autofocus=focus_new
            />
            <button type="submit" class="button primary">
                {td_string!(locale, account.change_password)}
            </button>
        </form>
    }
}
