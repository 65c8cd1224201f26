//! `GET /login` for a visitor who is not signed in.

use leptos::prelude::*;

use super::{Islands, PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    i18n::{Locale, td_string},
    model::{Flow, Login, ProviderButton},
    text,
    ui::{Card, FlowFields, Notice, PasswordField, Problems, TextField},
};

pub(super) fn render(context: PageContext<'_>, page: Login) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, login.title);
    let shell = Shell::of(page.flow.popup.as_ref());
    let has_problem =
        page.problem.is_some() || page.email_problem.is_some() || page.password_problem.is_some();
    let flow = page.flow.clone();
    let demo = context.deployment.demo;
    let home = context.home();
    let providers = context.deployment.providers.clone();
    let in_app = page.in_app;
    let form = form(context, page);

    let body = view! {
        <Card locale home title popup=flow.popup.clone()>
            {form}
            <Providers locale flow=flow.clone() providers in_app />
            <OtherLinks locale flow />
            {demo.then(|| view! { <DemoAccounts locale /> })}
        </Card>
    };
    RenderedPage::new(title, shell, body)
        .with_islands(Islands::Login)
        .with_problem(has_problem)
}

fn form(context: PageContext<'_>, page: Login) -> impl IntoView + use<> {
    let locale = context.locale;
    let email = td_string!(locale, field.email);
    let password = td_string!(locale, field.password);
    let fields = bad_fields(&[
        (page.email_problem, "email", email),
        (page.password_problem, "password", password),
    ]);
    // If the email is filled in, only the password is missing.
    let focus_password = page.email_problem.is_none() && !page.email.is_empty();

    view! {
        <form method="post" action="/login" novalidate>
            <Problems
                message=page.problem.map(|problem| text::form_problem(locale, problem))
                fields
                check_fields=context.check_fields()
            />
            <Notice text=page.notice.map(|notice| text::notice(locale, notice)) />
            <FlowFields flow=page.flow />
            <TextField
                name="email"
                label=email
                value=page.email
                problem=page.email_problem.map(|problem| text::field_problem(locale, problem))
                kind="email"
                autocomplete="username"
                inputmode="email"
                required=true
                autofocus=!focus_password
            />
            <PasswordField locale name="password" label=password problem=page.password_problem autofocus=focus_password />
            <button type="submit" class="button primary">
                {td_string!(locale, login.submit)}
            </button>
        </form>
    }
}

/// Identity providers. Plain links, since following them changes nothing here.
#[component]
fn Providers(
    locale: Locale,
    flow: Flow,
    providers: Vec<ProviderButton>,
    in_app: bool,
) -> impl IntoView {
    let button = move |provider: ProviderButton| {
        let href = flow.url(&format!("/oauth/{}/start", provider.name));
        view! {
            <a class="button" href=href>
                {td_string!(locale, login.with, provider = provider.label)}
            </a>
        }
    };
    (!providers.is_empty()).then(|| {
        view! {
            <div class="providers">
                <p class="or">
                    <span>{td_string!(locale, login.or)}</span>
                </p>
                {in_app.then(|| view! { <p class="quiet">{td_string!(locale, login.in_app)}</p> })}
                {providers.into_iter().map(button).collect_view()}
            </div>
        }
    })
}

/// Links for visitors without an account or password.
#[component]
fn OtherLinks(locale: Locale, flow: Flow) -> impl IntoView {
    view! {
        <div class="other-links">
            <p>
                <a href=flow.url("/forgot-password")>{td_string!(locale, login.forgot)}</a>
            </p>
            <p>
                {td_string!(locale, login.new_here)} " "
                <a href=flow.url("/register")>{td_string!(locale, login.register)}</a>
            </p>
        </div>
    }
}

/// The demo accounts.
#[component]
fn DemoAccounts(locale: Locale) -> impl IntoView {
    view! {
        <aside class="demo-box" aria-labelledby="demo-accounts">
            <h2 id="demo-accounts">{td_string!(locale, login.demo_title)}</h2>
            <p>
                <code>{td_string!(locale, login.demo_first)}</code>
                <code>{td_string!(locale, login.demo_second)}</code>
            </p>
            <p>{td_string!(locale, login.demo_either)} " " <code>{td_string!(locale, login.demo_password)}</code></p>
        </aside>
    }
}
