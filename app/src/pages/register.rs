//! `GET /register`.

use leptos::prelude::*;

use super::{Islands, PageContext, RenderedPage, Shell, bad_fields};
use crate::{
    i18n::td_string,
    model::{FieldProblem, Register},
    text,
    ui::{Card, FlowFields, NewPasswordField, Problems, TextField},
};

pub(super) fn render(context: PageContext<'_>, page: Register) -> RenderedPage {
    let locale = context.locale;
    let title = td_string!(locale, register.title);
    let shell = Shell::of(page.flow.popup.as_ref());
    let has_problem = page.problem.is_some()
        || page.email_problem.is_some()
        || page.display_name_problem.is_some()
        || page.password_problem.is_some();
    let popup = page.flow.popup.clone();
    let login = page.flow.url("/login");

    let home = context.home();
    let form = form(context, page);

    let body = view! {
        <Card locale home title popup>
            {form}
            <div class="other-links">
                <p>
                    {td_string!(locale, register.have_one)} " "
                    <a href=login>{td_string!(locale, register.sign_in)}</a>
                </p>
            </div>
        </Card>
    };
    RenderedPage::new(title, shell, body)
        .with_islands(Islands::Login)
        .with_problem(has_problem)
}

fn form(context: PageContext<'_>, page: Register) -> impl IntoView + use<> {
    let locale = context.locale;
    let email = td_string!(locale, field.email);
    let display_name = td_string!(locale, field.display_name);
    let password = td_string!(locale, field.password);
    let fields = bad_fields(&[
        (page.email_problem, "email", email),
        (page.display_name_problem, "display_name", display_name),
        (page.password_problem, "password", password),
    ]);
    let problem_text = move |problem: Option<FieldProblem>| {
        problem.map(|problem| text::field_problem(locale, problem))
    };
    let email_first = page.email_problem.is_some();
    let name_first = !email_first && page.display_name_problem.is_some();
    let password_first = !email_first && !name_first && page.password_problem.is_some();

    view! {
        <form method="post" action="/register" novalidate>
            <Problems
                message=page.problem.map(|problem| text::form_problem(locale, problem))
                fields
                check_fields=context.check_fields()
            />
            <FlowFields flow=page.flow />
            <input type="hidden" name="attempt" value=page.attempt />
            <TextField
                name="email"
                label=email
                value=page.email
                problem=problem_text(page.email_problem)
                kind="email"
                autocomplete="username"
                inputmode="email"
                required=true
                autofocus=email_first
            />
            <TextField
                name="display_name"
                label=display_name
                hint=td_string!(locale, field.display_name_hint)
                value=page.display_name
                problem=problem_text(page.display_name_problem)
                autocomplete="name"
                required=true
                autofocus=name_first
            />
            <NewPasswordField
                locale
                name="password"
                label=password
                min=context.deployment.password_length.0
                problem=page.password_problem
                autofocus=password_first
            />
            <button type="submit" class="button primary">
                {td_string!(locale, register.submit)}
            </button>
        </form>
    }
}
